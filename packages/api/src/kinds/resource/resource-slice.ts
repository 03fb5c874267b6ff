import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, int64, listOf, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { NodeSelector } from "../core/scheduling.ts";
import { metadataField } from "../metadata-field.ts";
import { CounterSet, Device } from "./device.ts";
import { validateResourceSlice, validateResourceSliceUpdate } from "./slice-validation.ts";

export const ResourcePool = object(
	"resource.v1.ResourcePool",
	{
		name: string({ required: true, pb: 1, doc: "Name of the pool." }),
		generation: int64({ required: true, pb: 2, doc: "The highest is the present one." }),
		resourceSliceCount: int64({ required: true, pb: 3, doc: "How many slices the pool has." }),
	},
	"The pool that devices of a slice are in.",
);
export interface ResourcePool extends Infer<typeof ResourcePool> {}

export const ResourceSliceSpec = object(
	"resource.v1.ResourceSliceSpec",
	{
		driver: string({ required: true, pb: 1, doc: "Name of the driver." }),
		pool: ref(ResourcePool, { required: true, pb: 2, doc: "Pool that the devices belong to." }),
		nodeName: string({ pb: 3, nullable: true, doc: "Node that can use them." }),
		nodeSelector: ref(NodeSelector, { pb: 4, nullable: true, doc: "Nodes that can use them." }),
		allNodes: bool({ pb: 5, nullable: true, doc: "Whether every node can use them." }),
		devices: listOf(Device, { pb: 6, list: "atomic", doc: "The devices." }),
		perDeviceNodeSelection: bool({
			pb: 7,
			nullable: true,
			doc: "Whether each device says which nodes can use it.",
		}),
		sharedCounters: listOf(CounterSet, { pb: 8, list: "atomic", doc: "Counts that several devices share." }),
	},
	"Some of a driver's devices, and where they are.",
);
export interface ResourceSliceSpec extends Infer<typeof ResourceSliceSpec> {}

const ResourceSliceSchema = object(
	"resource.v1.ResourceSlice",
	{
		metadata: metadataField,
		spec: ref(ResourceSliceSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
	},
	"Devices that a driver has to give.",
);
export interface ResourceSlice extends KubeObject, Omit<Infer<typeof ResourceSliceSchema>, "metadata"> {}

export const ResourceSlice = defineKind<ResourceSlice>({
	group: "resource.k8s.io",
	version: "v1",
	kind: "ResourceSlice",
	plural: "resourceslices",
	scope: "Cluster",
	schema: ResourceSliceSchema,
	hasGeneration: true,
	columns: [
		{
			name: "Node",
			type: "string",
			description: "Node that has the devices.",
			value: ({ spec }) => spec.nodeName ?? "",
		},
		{
			name: "Driver",
			type: "string",
			description: "Driver of the devices.",
			value: ({ spec }) => spec.driver,
		},
		{
			name: "Pool",
			type: "string",
			description: "Pool that they belong to.",
			value: ({ spec }) => spec.pool?.name ?? "",
		},
		ageColumn,
	],
	selectableFields: {
		"spec.nodeName": ({ spec }) => spec.nodeName ?? "",
		"spec.driver": ({ spec }) => spec.driver ?? "",
	},
	validate: validateResourceSlice,
	validateUpdate: validateResourceSliceUpdate,
});
