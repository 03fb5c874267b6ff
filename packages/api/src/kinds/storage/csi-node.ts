import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { validateCSINode, validateCSINodeUpdate } from "./csi-driver-validation.ts";

export const VolumeNodeResources = object(
	"storage.v1.VolumeNodeResources",
	{
		count: int32({ pb: 1, nullable: true, doc: "How many volumes; none: not limited." }),
	},
	"How many volumes a driver can have on a node.",
);
export interface VolumeNodeResources extends Infer<typeof VolumeNodeResources> {}

export const CSINodeDriver = object(
	"storage.v1.CSINodeDriver",
	{
		name: string({ required: true, pb: 1, doc: "Name of the driver." }),
		nodeID: string({ required: true, pb: 2, doc: "What the driver calls the node." }),
		topologyKeys: listOf(types.string, {
			pb: 3,
			list: "atomic",
			doc: "Labels of the node that say where its volumes can be.",
		}),
		allocatable: ref(VolumeNodeResources, {
			pb: 4,
			nullable: true,
			doc: "How many volumes the node can take.",
		}),
	},
	"A driver on a node.",
);
export interface CSINodeDriver extends Infer<typeof CSINodeDriver> {}

export const CSINodeSpec = object(
	"storage.v1.CSINodeSpec",
	{
		drivers: listOf(CSINodeDriver, {
			required: true,
			pb: 1,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "Drivers that run there.",
		}),
	},
	"Drivers of a node.",
);
export interface CSINodeSpec extends Infer<typeof CSINodeSpec> {}

const CSINodeSchema = object(
	"storage.v1.CSINode",
	{
		metadata: metadataField,
		spec: ref(CSINodeSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
	},
	"The storage drivers of a node.",
);
export interface CSINode extends KubeObject, Omit<Infer<typeof CSINodeSchema>, "metadata"> {}

export const CSINode = defineKind<CSINode>({
	group: "storage.k8s.io",
	version: "v1",
	kind: "CSINode",
	plural: "csinodes",
	scope: "Cluster",
	schema: CSINodeSchema,
	columns: [
		{
			name: "Drivers",
			type: "integer",
			description: "How many drivers the node has.",
			value: ({ spec }) => spec.drivers?.length ?? 0,
		},
		ageColumn,
	],
	validate: validateCSINode,
	validateUpdate: validateCSINodeUpdate,
});
