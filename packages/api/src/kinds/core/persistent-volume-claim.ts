import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, mapOf, object, ref, string, time, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { validateClaim, validateClaimStatus, validateClaimUpdate } from "./claim-validation.ts";
import { defaultClaim, withBothSources } from "./persistent-volume-claim-defaults.ts";
import { PersistentVolumeClaimSpec } from "./volume.ts";
import { canonical, formatAccessModes, storageClassOf, volumePhase } from "./volume-columns.ts";

export const PersistentVolumeClaimCondition = object("core.v1.PersistentVolumeClaimCondition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	lastProbeTime: time({ pb: 3 }),
	lastTransitionTime: time({ pb: 4 }),
	reason: string({ pb: 5 }),
	message: string({ pb: 6 }),
});
export interface PersistentVolumeClaimCondition extends Infer<typeof PersistentVolumeClaimCondition> {}

export const ModifyVolumeStatus = object("core.v1.ModifyVolumeStatus", {
	targetVolumeAttributesClassName: string({ pb: 1 }),
	status: string({ required: true, pb: 2 }),
});
export interface ModifyVolumeStatus extends Infer<typeof ModifyVolumeStatus> {}

export const PersistentVolumeClaimStatus = object("core.v1.PersistentVolumeClaimStatus", {
	phase: string({ pb: 1, enum: ["Pending", "Bound", "Lost"] }),
	accessModes: listOf(types.string, { pb: 2, list: "atomic" }),
	capacity: mapOf(types.quantity, { pb: 3 }),
	conditions: listOf(PersistentVolumeClaimCondition, {
		pb: 4,
		list: "map",
		keys: ["type"],
		patch: ["merge"],
		mergeKey: "type",
	}),
	allocatedResources: mapOf(types.quantity, { pb: 5 }),
	allocatedResourceStatuses: mapOf(types.string, { pb: 7 }),
	currentVolumeAttributesClassName: string({ pb: 8, nullable: true }),
	modifyVolumeStatus: ref(ModifyVolumeStatus, { pb: 9, nullable: true }),
});
export interface PersistentVolumeClaimStatus extends Infer<typeof PersistentVolumeClaimStatus> {}

/** Also a part of stateful sets, where claims say what they are. */
export const PersistentVolumeClaimSchema = object("core.v1.PersistentVolumeClaim", {
	apiVersion: string(),
	kind: string(),
	metadata: metadataField,
	spec: ref(PersistentVolumeClaimSpec, { default: {}, pb: 2 }),
	status: ref(PersistentVolumeClaimStatus, { pb: 3 }),
});
export interface PersistentVolumeClaim
	extends KubeObject,
		Omit<Infer<typeof PersistentVolumeClaimSchema>, "apiVersion" | "kind" | "metadata" | "spec"> {
	readonly spec: PersistentVolumeClaimSpec;
}

export const PersistentVolumeClaim = defineKind<PersistentVolumeClaim>({
	group: "",
	version: "v1",
	kind: "PersistentVolumeClaim",
	plural: "persistentvolumeclaims",
	shortNames: ["pvc"],
	scope: "Namespaced",
	schema: PersistentVolumeClaimSchema,
	hasStatus: true,
	columns: [
		{
			name: "Status",
			type: "string",
			description: "Whether it has a volume.",
			value: volumePhase,
		},
		{
			name: "Volume",
			type: "string",
			description: "The volume it is bound to.",
			value: ({ spec }) => spec.volumeName ?? "",
		},
		{
			name: "Capacity",
			type: "string",
			description: "How much the volume holds.",
			value: ({ spec, status }) => (spec.volumeName ? canonical(status?.capacity?.storage) : ""),
		},
		{
			name: "Access Modes",
			type: "string",
			description: "How the volume can be mounted.",
			value: ({ spec, status }) => (spec.volumeName ? formatAccessModes(status?.accessModes) : ""),
		},
		{
			name: "StorageClass",
			type: "string",
			description: "Class of storage.",
			value: storageClassOf,
		},
		{
			name: "VolumeAttributesClass",
			type: "string",
			description: "Class of attributes that may change.",
			value: ({ spec }) => spec.volumeAttributesClassName ?? "<unset>",
		},
		ageColumn,
		{
			name: "VolumeMode",
			type: "string",
			priority: 1,
			description: "A file system, or a raw device.",
			value: ({ spec }) => spec.volumeMode ?? "<unset>",
		},
	],
	defaults: defaultClaim,
	prepareCreate: (claim) => ({
		...claim,
		spec: withBothSources(claim.spec),
		status: { phase: "Pending" },
	}),
	validate: validateClaim,
	validateUpdate: validateClaimUpdate,
	validateStatusUpdate: validateClaimStatus,
});
