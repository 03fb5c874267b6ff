import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import {
	bool,
	type Infer,
	int32,
	int64,
	listOf,
	mapOf,
	object,
	ref,
	string,
	time,
	types,
} from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { nodeColumns } from "./node-columns.ts";
import { defaultNode } from "./node-defaults.ts";
import { validateNode, validateNodeStatusUpdate, validateNodeUpdate } from "./node-validation.ts";
import { Taint } from "./scheduling.ts";

export const ConfigMapNodeConfigSource = object("core.v1.ConfigMapNodeConfigSource", {
	namespace: string({ required: true, pb: 1 }),
	name: string({ required: true, pb: 2 }),
	uid: string({ pb: 3 }),
	resourceVersion: string({ pb: 4 }),
	kubeletConfigKey: string({ required: true, pb: 5 }),
});
export interface ConfigMapNodeConfigSource extends Infer<typeof ConfigMapNodeConfigSource> {}

export const NodeConfigSource = object("core.v1.NodeConfigSource", {
	configMap: ref(ConfigMapNodeConfigSource, { pb: 2, nullable: true }),
});
export interface NodeConfigSource extends Infer<typeof NodeConfigSource> {}

export const NodeSpec = object(
	"core.v1.NodeSpec",
	{
		podCIDR: string({ pb: 1, doc: "Addresses for the node's pods." }),
		podCIDRs: listOf(types.string, {
			pb: 7,
			list: "set",
			patch: ["merge"],
			doc: "Addresses for the node's pods, one range for each family.",
		}),
		providerID: string({ pb: 3, doc: "Identity of the machine with its provider." }),
		unschedulable: bool({ pb: 4, doc: "Take no new pods." }),
		taints: listOf(Taint, { pb: 5, list: "atomic", doc: "What keeps away pods that do not tolerate it." }),
		configSource: ref(NodeConfigSource, { pb: 6, nullable: true }),
		externalID: string({ pb: 2 }),
	},
	"How the cluster uses the node.",
);
export interface NodeSpec extends Infer<typeof NodeSpec> {}

export const NodeCondition = object("core.v1.NodeCondition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	lastHeartbeatTime: time({ pb: 3 }),
	lastTransitionTime: time({ pb: 4 }),
	reason: string({ pb: 5 }),
	message: string({ pb: 6 }),
});
export interface NodeCondition extends Infer<typeof NodeCondition> {}

export const NodeAddress = object("core.v1.NodeAddress", {
	type: string({ required: true, pb: 1 }),
	address: string({ required: true, pb: 2 }),
});
export interface NodeAddress extends Infer<typeof NodeAddress> {}

export const DaemonEndpoint = object("core.v1.DaemonEndpoint", {
	Port: int32({ required: true, pb: 1 }),
});
export interface DaemonEndpoint extends Infer<typeof DaemonEndpoint> {}

export const NodeDaemonEndpoints = object("core.v1.NodeDaemonEndpoints", {
	kubeletEndpoint: ref(DaemonEndpoint, { pb: 1 }),
});
export interface NodeDaemonEndpoints extends Infer<typeof NodeDaemonEndpoints> {}

export const NodeSwapStatus = object("core.v1.NodeSwapStatus", {
	capacity: int64({ pb: 1, nullable: true }),
});
export interface NodeSwapStatus extends Infer<typeof NodeSwapStatus> {}

export const NodeSystemInfo = object("core.v1.NodeSystemInfo", {
	machineID: string({ required: true, pb: 1 }),
	systemUUID: string({ required: true, pb: 2 }),
	bootID: string({ required: true, pb: 3 }),
	kernelVersion: string({ required: true, pb: 4 }),
	osImage: string({ required: true, pb: 5 }),
	containerRuntimeVersion: string({ required: true, pb: 6 }),
	kubeletVersion: string({ required: true, pb: 7 }),
	kubeProxyVersion: string({ required: true, pb: 8 }),
	operatingSystem: string({ required: true, pb: 9 }),
	architecture: string({ required: true, pb: 10 }),
	swap: ref(NodeSwapStatus, { pb: 11, nullable: true }),
});
export interface NodeSystemInfo extends Infer<typeof NodeSystemInfo> {}

export const ContainerImage = object("core.v1.ContainerImage", {
	names: listOf(types.string, { pb: 1, list: "atomic" }),
	sizeBytes: int64({ pb: 2 }),
});
export interface ContainerImage extends Infer<typeof ContainerImage> {}

export const AttachedVolume = object("core.v1.AttachedVolume", {
	name: string({ required: true, pb: 1 }),
	devicePath: string({ required: true, pb: 2 }),
});
export interface AttachedVolume extends Infer<typeof AttachedVolume> {}

export const NodeConfigStatus = object("core.v1.NodeConfigStatus", {
	assigned: ref(NodeConfigSource, { pb: 1, nullable: true }),
	active: ref(NodeConfigSource, { pb: 2, nullable: true }),
	lastKnownGood: ref(NodeConfigSource, { pb: 3, nullable: true }),
	error: string({ pb: 4 }),
});
export interface NodeConfigStatus extends Infer<typeof NodeConfigStatus> {}

export const NodeRuntimeHandlerFeatures = object("core.v1.NodeRuntimeHandlerFeatures", {
	recursiveReadOnlyMounts: bool({ pb: 1, nullable: true }),
	userNamespaces: bool({ pb: 2, nullable: true }),
});
export interface NodeRuntimeHandlerFeatures extends Infer<typeof NodeRuntimeHandlerFeatures> {}

export const NodeRuntimeHandler = object("core.v1.NodeRuntimeHandler", {
	name: string({ pb: 1 }),
	features: ref(NodeRuntimeHandlerFeatures, { pb: 2, nullable: true }),
});
export interface NodeRuntimeHandler extends Infer<typeof NodeRuntimeHandler> {}

export const NodeFeatures = object("core.v1.NodeFeatures", {
	supplementalGroupsPolicy: bool({ pb: 1, nullable: true }),
});
export interface NodeFeatures extends Infer<typeof NodeFeatures> {}

export const NodeStatus = object(
	"core.v1.NodeStatus",
	{
		capacity: mapOf(types.quantity, { pb: 1, doc: "Resources of the host." }),
		allocatable: mapOf(types.quantity, { pb: 2, doc: "Resources that pods may use." }),
		phase: string({ pb: 3 }),
		conditions: listOf(NodeCondition, {
			pb: 4,
			list: "map",
			keys: ["type"],
			patch: ["merge"],
			mergeKey: "type",
			doc: "Whether the node is ready, and what it is short of.",
		}),
		addresses: listOf(NodeAddress, {
			pb: 5,
			list: "map",
			keys: ["type"],
			patch: ["merge"],
			mergeKey: "type",
			doc: "Where the node is reached.",
		}),
		daemonEndpoints: ref(NodeDaemonEndpoints, { pb: 6, doc: "Port of the node's agent." }),
		nodeInfo: ref(NodeSystemInfo, { pb: 7, doc: "Kernel, operating system and versions." }),
		images: listOf(ContainerImage, { pb: 8, list: "atomic", doc: "Images that are already there." }),
		volumesInUse: listOf(types.string, { pb: 9, list: "atomic" }),
		volumesAttached: listOf(AttachedVolume, { pb: 10, list: "atomic" }),
		config: ref(NodeConfigStatus, { pb: 11, nullable: true }),
		runtimeHandlers: listOf(NodeRuntimeHandler, { pb: 12, list: "atomic" }),
		features: ref(NodeFeatures, { pb: 13, nullable: true }),
		declaredFeatures: listOf(types.string, { pb: 14, list: "atomic" }),
	},
	"What the node has and how it is.",
);
export interface NodeStatus extends Infer<typeof NodeStatus> {}

const NodeSchema = object(
	"core.v1.Node",
	{
		metadata: metadataField,
		spec: ref(NodeSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(NodeStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"A host that runs pods.",
);
export interface Node extends KubeObject, Omit<Infer<typeof NodeSchema>, "metadata" | "spec"> {
	readonly spec: NodeSpec;
}

export const Node = defineKind<Node>({
	group: "",
	version: "v1",
	kind: "Node",
	plural: "nodes",
	shortNames: ["no"],
	scope: "Cluster",
	schema: NodeSchema,
	hasStatus: true,
	columns: nodeColumns,
	selectableFields: { "spec.unschedulable": (node) => String(node.spec?.unschedulable ?? false) },
	defaults: defaultNode,
	validate: validateNode,
	validateUpdate: validateNodeUpdate,
	validateStatusUpdate: validateNodeStatusUpdate,
});
