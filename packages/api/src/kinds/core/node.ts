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
import { conditionFields, conditionsField } from "../conditions.ts";
import { metadataField } from "../metadata-field.ts";
import { nodeColumns } from "./node-columns.ts";
import { defaultNode } from "./node-defaults.ts";
import { validateNode, validateNodeStatusUpdate, validateNodeUpdate } from "./node-validation.ts";
import { Taint } from "./scheduling.ts";

export const ConfigMapNodeConfigSource = object(
	"core.v1.ConfigMapNodeConfigSource",
	{
		namespace: string({ required: true, pb: 1, doc: "Namespace of the config map." }),
		name: string({ required: true, pb: 2, doc: "Name of the config map." }),
		uid: string({ pb: 3, doc: "Identity of the config map." }),
		resourceVersion: string({ pb: 4, doc: "Version of the config map." }),
		kubeletConfigKey: string({ required: true, pb: 5, doc: "Key that holds the configuration." }),
	},
	"A config map with a node's configuration; no longer used.",
);
export interface ConfigMapNodeConfigSource extends Infer<typeof ConfigMapNodeConfigSource> {}

export const NodeConfigSource = object(
	"core.v1.NodeConfigSource",
	{
		configMap: ref(ConfigMapNodeConfigSource, { pb: 2, nullable: true, doc: "The config map." }),
	},
	"Where a node's configuration came from; no longer used.",
);
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
		configSource: ref(NodeConfigSource, { pb: 6, nullable: true, doc: "No longer used." }),
		externalID: string({ pb: 2, doc: "No longer used." }),
	},
	"How the cluster uses the node.",
);
export interface NodeSpec extends Infer<typeof NodeSpec> {}

export const NodeCondition = object(
	"core.v1.NodeCondition",
	{
		...conditionFields(4),
		lastHeartbeatTime: time({ pb: 3, doc: "When the node last confirmed it." }),
	},
	"One thing that is known of a node's state.",
);
export interface NodeCondition extends Infer<typeof NodeCondition> {}

export const NodeAddress = object(
	"core.v1.NodeAddress",
	{
		type: string({
			required: true,
			pb: 1,
			doc: "Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.",
		}),
		address: string({ required: true, pb: 2, doc: "The address." }),
	},
	"An address of a node.",
);
export interface NodeAddress extends Infer<typeof NodeAddress> {}

export const DaemonEndpoint = object(
	"core.v1.DaemonEndpoint",
	{
		Port: int32({ required: true, pb: 1, doc: "The port." }),
	},
	"Port of a daemon.",
);
export interface DaemonEndpoint extends Infer<typeof DaemonEndpoint> {}

export const NodeDaemonEndpoints = object(
	"core.v1.NodeDaemonEndpoints",
	{
		kubeletEndpoint: ref(DaemonEndpoint, { pb: 1, doc: "Port of the agent." }),
	},
	"Ports of the node's daemons.",
);
export interface NodeDaemonEndpoints extends Infer<typeof NodeDaemonEndpoints> {}

export const NodeSwapStatus = object(
	"core.v1.NodeSwapStatus",
	{
		capacity: int64({ pb: 1, nullable: true, doc: "Size in bytes." }),
	},
	"A node's swap space.",
);
export interface NodeSwapStatus extends Infer<typeof NodeSwapStatus> {}

export const NodeSystemInfo = object(
	"core.v1.NodeSystemInfo",
	{
		machineID: string({ required: true, pb: 1, doc: "Id of the installed system." }),
		systemUUID: string({ required: true, pb: 2, doc: "Id of the machine." }),
		bootID: string({ required: true, pb: 3, doc: "Id of this boot." }),
		kernelVersion: string({ required: true, pb: 4, doc: "Version of the kernel." }),
		osImage: string({ required: true, pb: 5, doc: "Name of the system." }),
		containerRuntimeVersion: string({
			required: true,
			pb: 6,
			doc: "Name and version of the container runtime.",
		}),
		kubeletVersion: string({ required: true, pb: 7, doc: "Version of the agent." }),
		kubeProxyVersion: string({ required: true, pb: 8, doc: "No longer filled in." }),
		operatingSystem: string({ required: true, pb: 9, doc: "Operating system, such as linux." }),
		architecture: string({ required: true, pb: 10, doc: "Architecture of its processors, such as amd64." }),
		swap: ref(NodeSwapStatus, { pb: 11, nullable: true, doc: "Its swap space." }),
	},
	"The machine, its system and its programs.",
);
export interface NodeSystemInfo extends Infer<typeof NodeSystemInfo> {}

export const ContainerImage = object(
	"core.v1.ContainerImage",
	{
		names: listOf(types.string, { pb: 1, list: "atomic", doc: "Names of the image." }),
		sizeBytes: int64({ pb: 2, doc: "Size in bytes." }),
	},
	"An image that is on the node.",
);
export interface ContainerImage extends Infer<typeof ContainerImage> {}

export const AttachedVolume = object(
	"core.v1.AttachedVolume",
	{
		name: string({ required: true, pb: 1, doc: "Name of the volume." }),
		devicePath: string({ required: true, pb: 2, doc: "Path of its device on the node." }),
	},
	"A volume that is attached to a node.",
);
export interface AttachedVolume extends Infer<typeof AttachedVolume> {}

export const NodeConfigStatus = object(
	"core.v1.NodeConfigStatus",
	{
		assigned: ref(NodeConfigSource, { pb: 1, nullable: true, doc: "The one it is to use." }),
		active: ref(NodeConfigSource, { pb: 2, nullable: true, doc: "The one it uses." }),
		lastKnownGood: ref(NodeConfigSource, { pb: 3, nullable: true, doc: "The one it goes back to." }),
		error: string({ pb: 4, doc: "What is wrong with the assigned one." }),
	},
	"Which configuration a node uses; no longer used.",
);
export interface NodeConfigStatus extends Infer<typeof NodeConfigStatus> {}

export const NodeRuntimeHandlerFeatures = object(
	"core.v1.NodeRuntimeHandlerFeatures",
	{
		recursiveReadOnlyMounts: bool({
			pb: 1,
			nullable: true,
			doc: "Whether mounts can be read-only with all below them.",
		}),
		userNamespaces: bool({ pb: 2, nullable: true, doc: "Whether pods can have user ids of their own." }),
	},
	"What a handler of the container runtime can do.",
);
export interface NodeRuntimeHandlerFeatures extends Infer<typeof NodeRuntimeHandlerFeatures> {}

export const NodeRuntimeHandler = object(
	"core.v1.NodeRuntimeHandler",
	{
		name: string({ pb: 1, doc: "Name of the handler; empty for the default one." }),
		features: ref(NodeRuntimeHandlerFeatures, { pb: 2, nullable: true, doc: "What it can do." }),
	},
	"A handler of the container runtime.",
);
export interface NodeRuntimeHandler extends Infer<typeof NodeRuntimeHandler> {}

export const NodeFeatures = object(
	"core.v1.NodeFeatures",
	{
		supplementalGroupsPolicy: bool({
			pb: 1,
			nullable: true,
			doc: "Whether pods can leave out groups of the image.",
		}),
	},
	"What the agent can do.",
);
export interface NodeFeatures extends Infer<typeof NodeFeatures> {}

export const NodeStatus = object(
	"core.v1.NodeStatus",
	{
		capacity: mapOf(types.quantity, { pb: 1, doc: "Resources of the host." }),
		allocatable: mapOf(types.quantity, { pb: 2, doc: "Resources that pods may use." }),
		phase: string({ pb: 3, doc: "No longer used." }),
		conditions: conditionsField(NodeCondition, 4, "Whether the node is ready, and what it is short of."),
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
		volumesInUse: listOf(types.string, {
			pb: 9,
			list: "atomic",
			doc: "Volumes that the node uses and that must stay attached.",
		}),
		volumesAttached: listOf(AttachedVolume, {
			pb: 10,
			list: "atomic",
			doc: "Volumes that are attached to the node.",
		}),
		config: ref(NodeConfigStatus, { pb: 11, nullable: true, doc: "No longer used." }),
		runtimeHandlers: listOf(NodeRuntimeHandler, {
			pb: 12,
			list: "atomic",
			doc: "What the container runtime can do.",
		}),
		features: ref(NodeFeatures, { pb: 13, nullable: true, doc: "What the agent can do." }),
		declaredFeatures: listOf(types.string, {
			pb: 14,
			list: "atomic",
			doc: "Features that the agent says it has, by name.",
		}),
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
