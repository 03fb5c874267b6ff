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
import { ResourceRequirements } from "./container.ts";

export const PodCondition = object("core.v1.PodCondition", {
	type: string({ required: true, pb: 1 }),
	observedGeneration: int64({ pb: 7 }),
	status: string({ required: true, pb: 2 }),
	lastProbeTime: time({ pb: 3 }),
	lastTransitionTime: time({ pb: 4 }),
	reason: string({ pb: 5 }),
	message: string({ pb: 6 }),
});
export interface PodCondition extends Infer<typeof PodCondition> {}

export const HostIP = object("core.v1.HostIP", {
	ip: string({ required: true, pb: 1 }),
});
export interface HostIP extends Infer<typeof HostIP> {}

export const PodIP = object("core.v1.PodIP", {
	ip: string({ required: true, pb: 1 }),
});
export interface PodIP extends Infer<typeof PodIP> {}

export const ContainerStateWaiting = object("core.v1.ContainerStateWaiting", {
	reason: string({ pb: 1 }),
	message: string({ pb: 2 }),
});
export interface ContainerStateWaiting extends Infer<typeof ContainerStateWaiting> {}

export const ContainerStateRunning = object("core.v1.ContainerStateRunning", {
	startedAt: time({ pb: 1 }),
});
export interface ContainerStateRunning extends Infer<typeof ContainerStateRunning> {}

export const ContainerStateTerminated = object("core.v1.ContainerStateTerminated", {
	exitCode: int32({ required: true, pb: 1 }),
	signal: int32({ pb: 2 }),
	reason: string({ pb: 3 }),
	message: string({ pb: 4 }),
	startedAt: time({ pb: 5 }),
	finishedAt: time({ pb: 6 }),
	containerID: string({ pb: 7 }),
});
export interface ContainerStateTerminated extends Infer<typeof ContainerStateTerminated> {}

export const ContainerState = object("core.v1.ContainerState", {
	waiting: ref(ContainerStateWaiting, { pb: 1, nullable: true }),
	running: ref(ContainerStateRunning, { pb: 2, nullable: true }),
	terminated: ref(ContainerStateTerminated, { pb: 3, nullable: true }),
});
export interface ContainerState extends Infer<typeof ContainerState> {}

export const ImageVolumeStatus = object("core.v1.ImageVolumeStatus", {
	imageRef: string({ required: true, pb: 1 }),
});
export interface ImageVolumeStatus extends Infer<typeof ImageVolumeStatus> {}

export const VolumeStatus = object("core.v1.VolumeStatus", {
	image: ref(ImageVolumeStatus, { pb: 1, nullable: true }),
});
export interface VolumeStatus extends Infer<typeof VolumeStatus> {}

export const VolumeMountStatus = object("core.v1.VolumeMountStatus", {
	name: string({ required: true, pb: 1 }),
	mountPath: string({ required: true, pb: 2 }),
	readOnly: bool({ pb: 3 }),
	recursiveReadOnly: string({ pb: 4, nullable: true, enum: ["Disabled", "IfPossible", "Enabled"] }),
	volumeStatus: ref(VolumeStatus, { pb: 5, nullable: true }),
});
export interface VolumeMountStatus extends Infer<typeof VolumeMountStatus> {}

export const LinuxContainerUser = object("core.v1.LinuxContainerUser", {
	uid: int64({ required: true, pb: 1 }),
	gid: int64({ required: true, pb: 2 }),
	supplementalGroups: listOf(types.int64, { pb: 3, list: "atomic" }),
});
export interface LinuxContainerUser extends Infer<typeof LinuxContainerUser> {}

export const ContainerUser = object("core.v1.ContainerUser", {
	linux: ref(LinuxContainerUser, { pb: 1, nullable: true }),
});
export interface ContainerUser extends Infer<typeof ContainerUser> {}

export const ResourceHealth = object("core.v1.ResourceHealth", {
	resourceID: string({ required: true, pb: 1 }),
	health: string({ pb: 2 }),
	message: string({ pb: 6, nullable: true }),
});
export interface ResourceHealth extends Infer<typeof ResourceHealth> {}

export const ResourceStatus = object("core.v1.ResourceStatus", {
	name: string({ required: true, pb: 1 }),
	resources: listOf(ResourceHealth, { pb: 2, list: "map", keys: ["resourceID"] }),
});
export interface ResourceStatus extends Infer<typeof ResourceStatus> {}

export const ContainerStatus = object(
	"core.v1.ContainerStatus",
	{
		name: string({ required: true, pb: 1, doc: "Name of the container." }),
		state: ref(ContainerState, { pb: 2, doc: "What it does now: waiting, running or terminated." }),
		lastState: ref(ContainerState, { pb: 3, doc: "How it ended the last time." }),
		ready: bool({ required: true, pb: 4, doc: "Whether it passes its readiness probe." }),
		restartCount: int32({ required: true, pb: 5, doc: "How often it was started again." }),
		image: string({ required: true, pb: 6, doc: "Image that it runs." }),
		imageID: string({ required: true, pb: 7, doc: "Exact image, by digest." }),
		containerID: string({ pb: 8, doc: "Identity in the container runtime." }),
		started: bool({ pb: 9, nullable: true, doc: "Whether it passed its startup probe." }),
		allocatedResources: mapOf(types.quantity, { pb: 10 }),
		resources: ref(ResourceRequirements, { pb: 11, nullable: true }),
		volumeMounts: listOf(VolumeMountStatus, {
			pb: 12,
			list: "map",
			keys: ["mountPath"],
			patch: ["merge"],
			mergeKey: "mountPath",
		}),
		user: ref(ContainerUser, { pb: 13, nullable: true }),
		allocatedResourcesStatus: listOf(ResourceStatus, {
			pb: 14,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
		}),
		stopSignal: string({ pb: 15, nullable: true }),
	},
	"State of one container.",
);
export interface ContainerStatus extends Infer<typeof ContainerStatus> {}

export const PodResourceClaimStatus = object("core.v1.PodResourceClaimStatus", {
	name: string({ required: true, pb: 1 }),
	resourceClaimName: string({ pb: 2, nullable: true }),
});
export interface PodResourceClaimStatus extends Infer<typeof PodResourceClaimStatus> {}

export const ContainerExtendedResourceRequest = object("core.v1.ContainerExtendedResourceRequest", {
	containerName: string({ required: true, pb: 1 }),
	resourceName: string({ required: true, pb: 2 }),
	requestName: string({ required: true, pb: 3 }),
});
export interface ContainerExtendedResourceRequest extends Infer<typeof ContainerExtendedResourceRequest> {}

export const PodExtendedResourceClaimStatus = object("core.v1.PodExtendedResourceClaimStatus", {
	requestMappings: listOf(ContainerExtendedResourceRequest, { required: true, pb: 1, list: "atomic" }),
	resourceClaimName: string({ required: true, pb: 2 }),
});
export interface PodExtendedResourceClaimStatus extends Infer<typeof PodExtendedResourceClaimStatus> {}

export const NodeAllocatableResourceClaimStatus = object("core.v1.NodeAllocatableResourceClaimStatus", {
	resourceClaimName: string({ required: true, pb: 1 }),
	containers: listOf(types.string, { pb: 2, list: "set" }),
	resources: mapOf(types.quantity, { required: true, pb: 3 }),
});
export interface NodeAllocatableResourceClaimStatus
	extends Infer<typeof NodeAllocatableResourceClaimStatus> {}

export const PodStatus = object(
	"core.v1.PodStatus",
	{
		observedGeneration: int64({ pb: 17, doc: "Generation that this status speaks of." }),
		phase: string({
			pb: 1,
			enum: ["Pending", "Running", "Succeeded", "Failed", "Unknown"],
			doc: "Pending, Running, Succeeded, Failed or Unknown.",
		}),
		conditions: listOf(PodCondition, {
			pb: 2,
			list: "map",
			keys: ["type"],
			patch: ["merge"],
			mergeKey: "type",
			doc: "Whether the pod is scheduled, initialized and ready.",
		}),
		message: string({ pb: 3, doc: "Why it is in this state, for people." }),
		reason: string({ pb: 4, doc: "Why it is in this state, in one word such as Evicted." }),
		nominatedNodeName: string({ pb: 11, doc: "Node that is being freed for the pod." }),
		hostIP: string({ pb: 5, doc: "Address of the node." }),
		hostIPs: listOf(HostIP, {
			pb: 16,
			list: "atomic",
			patch: ["merge"],
			mergeKey: "ip",
			doc: "Addresses of the node, one for each family.",
		}),
		podIP: string({ pb: 6, doc: "Address of the pod." }),
		podIPs: listOf(PodIP, {
			pb: 12,
			list: "map",
			keys: ["ip"],
			patch: ["merge"],
			mergeKey: "ip",
			doc: "Addresses of the pod, one for each family.",
		}),
		startTime: time({ pb: 7, nullable: true, doc: "When the node took the pod on." }),
		initContainerStatuses: listOf(ContainerStatus, {
			pb: 10,
			list: "atomic",
			doc: "State of each init container.",
		}),
		containerStatuses: listOf(ContainerStatus, { pb: 8, list: "atomic", doc: "State of each container." }),
		qosClass: string({
			pb: 9,
			enum: ["Guaranteed", "Burstable", "BestEffort"],
			doc: "Guaranteed, Burstable or BestEffort: who goes last when a node runs out of memory.",
		}),
		ephemeralContainerStatuses: listOf(ContainerStatus, {
			pb: 13,
			list: "atomic",
			doc: "State of each container added for debugging.",
		}),
		resize: string({ pb: 14 }),
		resourceClaimStatuses: listOf(PodResourceClaimStatus, {
			pb: 15,
			list: "map",
			keys: ["name"],
			patch: ["merge", "retainKeys"],
			mergeKey: "name",
		}),
		extendedResourceClaimStatus: ref(PodExtendedResourceClaimStatus, { pb: 18, nullable: true }),
		allocatedResources: mapOf(types.quantity, { pb: 19 }),
		resources: ref(ResourceRequirements, { pb: 20, nullable: true }),
		nodeAllocatableResourceClaimStatuses: listOf(NodeAllocatableResourceClaimStatus, {
			pb: 21,
			list: "atomic",
		}),
	},
	"What became of a pod.",
);
export interface PodStatus extends Infer<typeof PodStatus> {}
