import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import {
	atomicObject,
	bool,
	type Infer,
	listOf,
	mapOf,
	object,
	string,
	types,
} from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { DEFAULT_CLASS_MARKS } from "./class-of-claim.ts";
import { validateStorageClass, validateStorageClassUpdate } from "./storage-class-validation.ts";
import { nameWithDefault } from "./storage-validation.ts";

export const TopologySelectorLabelRequirement = object(
	"core.v1.TopologySelectorLabelRequirement",
	{
		key: string({ required: true, pb: 1, doc: "Name of the label." }),
		values: listOf(types.string, { required: true, pb: 2, list: "atomic", doc: "Any one of these." }),
	},
	"A label and its possible values.",
);
export interface TopologySelectorLabelRequirement extends Infer<typeof TopologySelectorLabelRequirement> {}

export const TopologySelectorTerm = atomicObject(
	"core.v1.TopologySelectorTerm",
	{
		matchLabelExpressions: listOf(TopologySelectorLabelRequirement, {
			pb: 1,
			list: "atomic",
			doc: "All of these must match.",
		}),
	},
	"Labels that nodes must have.",
);
export interface TopologySelectorTerm extends Infer<typeof TopologySelectorTerm> {}

const StorageClassSchema = object(
	"storage.v1.StorageClass",
	{
		metadata: metadataField,
		provisioner: string({ required: true, pb: 2, doc: "What makes the volumes." }),
		parameters: mapOf(types.string, { pb: 3, doc: "Settings for the provisioner." }),
		reclaimPolicy: string({
			pb: 4,
			nullable: true,
			enum: ["Recycle", "Delete", "Retain"],
			doc: "What becomes of a volume whose claim is gone: Delete or Retain.",
		}),
		mountOptions: listOf(types.string, {
			pb: 5,
			list: "atomic",
			doc: "Options for mounting its volumes; not checked.",
		}),
		allowVolumeExpansion: bool({ pb: 6, nullable: true, doc: "Whether claims may ask for more room later." }),
		volumeBindingMode: string({
			pb: 7,
			nullable: true,
			enum: ["Immediate", "WaitForFirstConsumer"],
			doc: "Immediate, or WaitForFirstConsumer: only when a pod needs the volume.",
		}),
		allowedTopologies: listOf(TopologySelectorTerm, {
			pb: 8,
			list: "atomic",
			doc: "Where volumes may be made.",
		}),
	},
	"A way to make volumes, for claims that name it.",
);
export interface StorageClass extends KubeObject, Omit<Infer<typeof StorageClassSchema>, "metadata"> {}

export const StorageClass = defineKind<StorageClass>({
	group: "storage.k8s.io",
	version: "v1",
	kind: "StorageClass",
	plural: "storageclasses",
	shortNames: ["sc"],
	scope: "Cluster",
	schema: StorageClassSchema,
	columns: [
		{
			name: "Name",
			type: "string",
			format: "name",
			description: "Name of the class; the default one is marked.",
			value: ({ metadata }) => nameWithDefault(metadata.name, metadata.annotations, DEFAULT_CLASS_MARKS),
		},
		{
			name: "Provisioner",
			type: "string",
			description: "What makes the volumes.",
			value: ({ provisioner }) => provisioner,
		},
		{
			name: "ReclaimPolicy",
			type: "string",
			description: "What becomes of a volume without a claim.",
			value: ({ reclaimPolicy }) => reclaimPolicy ?? "Delete",
		},
		{
			name: "VolumeBindingMode",
			type: "string",
			description: "When a claim gets its volume.",
			value: ({ volumeBindingMode }) => volumeBindingMode ?? "Immediate",
		},
		{
			name: "AllowVolumeExpansion",
			type: "string",
			description: "Whether volumes may grow.",
			value: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false,
		},
		ageColumn,
	],
	defaults: (storageClass) =>
		fillAbsent(storageClass, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
	validate: validateStorageClass,
	validateUpdate: validateStorageClassUpdate,
});
