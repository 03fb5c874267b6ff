import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, mapOf, object, ref, string, time, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { metadataField } from "../metadata-field.ts";
import { validateClaim, validateClaimStatus, validateClaimUpdate } from "./claim-validation.ts";
import { defaultClaim, withBothSources } from "./persistent-volume-claim-defaults.ts";
import { PersistentVolumeClaimSpec } from "./persistent-volume-claim-spec.ts";
import { canonical, formatAccessModes, storageClassOf, volumePhase } from "./volume-columns.ts";

export const PersistentVolumeClaimCondition = object(
	"core.v1.PersistentVolumeClaimCondition",
	{
		...conditionFields(4),
		lastProbeTime: time({ pb: 3, doc: "When it was last looked at." }),
	},
	"One thing that is known of the claim's state.",
);
export interface PersistentVolumeClaimCondition extends Infer<typeof PersistentVolumeClaimCondition> {}

export const ModifyVolumeStatus = object(
	"core.v1.ModifyVolumeStatus",
	{
		targetVolumeAttributesClassName: string({ pb: 1, doc: "Class of attributes that is wanted." }),
		status: string({ required: true, pb: 2, doc: "Pending, InProgress or Infeasible." }),
	},
	"How far a change of the volume's attributes is.",
);
export interface ModifyVolumeStatus extends Infer<typeof ModifyVolumeStatus> {}

export const PersistentVolumeClaimStatus = object(
	"core.v1.PersistentVolumeClaimStatus",
	{
		phase: string({ pb: 1, enum: ["Pending", "Bound", "Lost"], doc: "Where it stands." }),
		accessModes: listOf(types.string, {
			pb: 2,
			list: "atomic",
			doc: "How it can be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.",
		}),
		capacity: mapOf(types.quantity, { pb: 3, doc: "How much the volume holds." }),
		conditions: conditionsField(PersistentVolumeClaimCondition, 4),
		allocatedResources: mapOf(types.quantity, { pb: 5, doc: "Size that was asked of the storage." }),
		allocatedResourceStatuses: mapOf(types.string, { pb: 7, doc: "How far a change of size is." }),
		currentVolumeAttributesClassName: string({
			pb: 8,
			nullable: true,
			doc: "Class of attributes that the volume has.",
		}),
		modifyVolumeStatus: ref(ModifyVolumeStatus, {
			pb: 9,
			nullable: true,
			doc: "How far a change of attributes is.",
		}),
	},
	"Whether the claim has its volume, and what that is like.",
);
export interface PersistentVolumeClaimStatus extends Infer<typeof PersistentVolumeClaimStatus> {}

/** Also a part of stateful sets, where claims say what they are. */
export const PersistentVolumeClaimSchema = object(
	"core.v1.PersistentVolumeClaim",
	{
		apiVersion: string({ doc: "Group and version of the object." }),
		kind: string({ doc: "What the object is." }),
		metadata: metadataField,
		spec: ref(PersistentVolumeClaimSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(PersistentVolumeClaimStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"A wish for storage, and the hold on the volume that fulfils it.",
);
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
