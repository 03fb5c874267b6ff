import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import {
	type Infer,
	listOf,
	mapOf,
	object,
	ref,
	string,
	time,
	types,
	within,
} from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, fillAbsent, fillZero } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { persistentVolumeSourceFields } from "./persistent-volume-source.ts";
import { validatePersistentVolume, validatePersistentVolumeUpdate } from "./persistent-volume-validation.ts";
import { ObjectReference } from "./references.ts";
import { NodeSelector } from "./scheduling.ts";
import { canonical, formatAccessModes, storageClassOf, volumePhase } from "./volume-columns.ts";

export const VolumeNodeAffinity = object(
	"core.v1.VolumeNodeAffinity",
	{
		required: ref(NodeSelector, { pb: 1, nullable: true, doc: "What nodes must have." }),
	},
	"Nodes from which the volume can be reached.",
);
export interface VolumeNodeAffinity extends Infer<typeof VolumeNodeAffinity> {}

export const PersistentVolumeSpec = object(
	"core.v1.PersistentVolumeSpec",
	{
		...within(2, persistentVolumeSourceFields),
		capacity: mapOf(types.quantity, { pb: 1, doc: "How much the volume holds." }),
		accessModes: listOf(types.string, {
			pb: 3,
			list: "atomic",
			doc: "How it can be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.",
		}),
		claimRef: ref(ObjectReference, {
			pb: 4,
			nullable: true,
			atomic: false,
			doc: "The claim that the volume is bound to.",
		}),
		persistentVolumeReclaimPolicy: string({
			pb: 5,
			enum: ["Recycle", "Delete", "Retain"],
			doc: "What becomes of the volume when its claim is gone: Retain, Delete or Recycle.",
		}),
		storageClassName: string({ pb: 6, doc: "Class of storage." }),
		mountOptions: listOf(types.string, { pb: 7, list: "atomic", doc: "Options of the mount." }),
		volumeMode: string({
			pb: 8,
			nullable: true,
			enum: ["Block", "Filesystem"],
			doc: "Filesystem, or Block for a raw device.",
		}),
		nodeAffinity: ref(VolumeNodeAffinity, {
			pb: 9,
			nullable: true,
			doc: "Nodes from which the volume can be reached.",
		}),
		volumeAttributesClassName: string({
			pb: 10,
			nullable: true,
			doc: "Class of attributes that may change.",
		}),
	},
	"What the volume is made of, how large it is, and who may have it.",
);
export interface PersistentVolumeSpec extends Infer<typeof PersistentVolumeSpec> {}

export const PersistentVolumeStatus = object(
	"core.v1.PersistentVolumeStatus",
	{
		phase: string({
			pb: 1,
			enum: ["Pending", "Available", "Bound", "Released", "Failed"],
			doc: "Where it stands.",
		}),
		message: string({ pb: 2, doc: "Why it is in this phase, in a sentence." }),
		reason: string({ pb: 3, doc: "Why it is in this phase, in one word." }),
		lastPhaseTransitionTime: time({ pb: 4, nullable: true, doc: "When the phase last changed." }),
	},
	"Whether the volume is in use.",
);
export interface PersistentVolumeStatus extends Infer<typeof PersistentVolumeStatus> {}

const PersistentVolumeSchema = object(
	"core.v1.PersistentVolume",
	{
		metadata: metadataField,
		spec: ref(PersistentVolumeSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(PersistentVolumeStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Storage that outlives pods, ready to be claimed.",
);
export interface PersistentVolume
	extends KubeObject,
		Omit<Infer<typeof PersistentVolumeSchema>, "metadata" | "spec"> {
	readonly spec: PersistentVolumeSpec;
}

export const PersistentVolume = defineKind<PersistentVolume>({
	group: "",
	version: "v1",
	kind: "PersistentVolume",
	plural: "persistentvolumes",
	shortNames: ["pv"],
	scope: "Cluster",
	schema: PersistentVolumeSchema,
	hasStatus: true,
	columns: [
		{
			name: "Capacity",
			type: "string",
			description: "How much it holds.",
			value: ({ spec }) => canonical(spec.capacity?.storage),
		},
		{
			name: "Access Modes",
			type: "string",
			description: "How it can be mounted.",
			value: ({ spec }) => formatAccessModes(spec.accessModes),
		},
		{
			name: "Reclaim Policy",
			type: "string",
			description: "What becomes of it when its claim is gone.",
			value: ({ spec }) => spec.persistentVolumeReclaimPolicy ?? "",
		},
		{
			name: "Status",
			type: "string",
			description: "Whether it is free, bound, or left behind.",
			value: volumePhase,
		},
		{
			name: "Claim",
			type: "string",
			description: "Namespace and name of the claim that it is bound to.",
			value: ({ spec: { claimRef } }) =>
				claimRef ? `${claimRef.namespace ?? ""}/${claimRef.name ?? ""}` : "",
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
		{
			name: "Reason",
			type: "string",
			description: "Why it is in this state.",
			value: ({ status }) => status?.reason ?? "",
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
	defaults: (volume) =>
		change(volume, "spec", (spec) =>
			fillAbsent(
				fillZero(
					change(spec, "hostPath", (source) => fillAbsent(source, { type: "" })),
					{ persistentVolumeReclaimPolicy: "Retain" },
				),
				{ volumeMode: "Filesystem" },
			),
		),
	prepareCreate: (volume) => ({
		...volume,
		status: { phase: "Pending", lastPhaseTransitionTime: volume.metadata.creationTimestamp },
	}),
	validate: validatePersistentVolume,
	validateUpdate: validatePersistentVolumeUpdate,
});
