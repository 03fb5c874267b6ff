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
import { ResourceRequirements } from "./container.ts";

export const PodCondition = object(
	"core.v1.PodCondition",
	{
		...conditionFields(4),
		lastProbeTime: time({ pb: 3, doc: "When it was last looked at." }),
		observedGeneration: int64({ pb: 7, doc: "Generation of the pod that the condition speaks of." }),
	},
	"One thing that is known of a pod's state.",
);
export interface PodCondition extends Infer<typeof PodCondition> {}

export const HostIP = object(
	"core.v1.HostIP",
	{
		ip: string({ required: true, pb: 1, doc: "The address." }),
	},
	"An address of the node.",
);
export interface HostIP extends Infer<typeof HostIP> {}

export const PodIP = object(
	"core.v1.PodIP",
	{
		ip: string({ required: true, pb: 1, doc: "The address." }),
	},
	"An address of the pod.",
);
export interface PodIP extends Infer<typeof PodIP> {}

export const ContainerStateWaiting = object(
	"core.v1.ContainerStateWaiting",
	{
		reason: string({ pb: 1, doc: "Why, in one word, such as ImagePullBackOff." }),
		message: string({ pb: 2, doc: "Why, in a sentence." }),
	},
	"Why a container does not run yet.",
);
export interface ContainerStateWaiting extends Infer<typeof ContainerStateWaiting> {}

export const ContainerStateRunning = object(
	"core.v1.ContainerStateRunning",
	{
		startedAt: time({ pb: 1, doc: "When it was started." }),
	},
	"A container that runs.",
);
export interface ContainerStateRunning extends Infer<typeof ContainerStateRunning> {}

export const ContainerStateTerminated = object(
	"core.v1.ContainerStateTerminated",
	{
		exitCode: int32({ required: true, pb: 1, doc: "Its exit code." }),
		signal: int32({ pb: 2, doc: "Signal that ended it." }),
		reason: string({ pb: 3, doc: "Why, in one word, such as Completed, Error or OOMKilled." }),
		message: string({ pb: 4, doc: "Its last words: what it left in the termination log." }),
		startedAt: time({ pb: 5, doc: "When it was started." }),
		finishedAt: time({ pb: 6, doc: "When it ended." }),
		containerID: string({ pb: 7, doc: "Id of the container, as type://id." }),
	},
	"How a container has ended.",
);
export interface ContainerStateTerminated extends Infer<typeof ContainerStateTerminated> {}

export const ContainerState = object(
	"core.v1.ContainerState",
	{
		waiting: ref(ContainerStateWaiting, { pb: 1, nullable: true, doc: "It does not run yet." }),
		running: ref(ContainerStateRunning, { pb: 2, nullable: true, doc: "It runs." }),
		terminated: ref(ContainerStateTerminated, { pb: 3, nullable: true, doc: "It has ended." }),
	},
	"Where a container stands: exactly one of these.",
);
export interface ContainerState extends Infer<typeof ContainerState> {}

export const ImageVolumeStatus = object(
	"core.v1.ImageVolumeStatus",
	{
		imageRef: string({ required: true, pb: 1, doc: "Digest of the image." }),
	},
	"The image of a volume.",
);
export interface ImageVolumeStatus extends Infer<typeof ImageVolumeStatus> {}

export const VolumeStatus = object(
	"core.v1.VolumeStatus",
	{
		image: ref(ImageVolumeStatus, { pb: 1, nullable: true, doc: "The image it is made of." }),
	},
	"What is known of a mounted volume.",
);
export interface VolumeStatus extends Infer<typeof VolumeStatus> {}

export const VolumeMountStatus = object(
	"core.v1.VolumeMountStatus",
	{
		name: string({ required: true, pb: 1, doc: "Name of the volume." }),
		mountPath: string({ required: true, pb: 2, doc: "Path in the container." }),
		readOnly: bool({ pb: 3, doc: "Whether it is read-only." }),
		recursiveReadOnly: string({
			pb: 4,
			nullable: true,
			enum: ["Disabled", "IfPossible", "Enabled"],
			doc: "Whether mounts below are read-only, too: Disabled or Enabled.",
		}),
		volumeStatus: ref(VolumeStatus, { pb: 5, nullable: true, doc: "What is known of the volume itself." }),
	},
	"How a volume is mounted in a container.",
);
export interface VolumeMountStatus extends Infer<typeof VolumeMountStatus> {}

export const LinuxContainerUser = object(
	"core.v1.LinuxContainerUser",
	{
		uid: int64({ required: true, pb: 1, doc: "User id." }),
		gid: int64({ required: true, pb: 2, doc: "Group id." }),
		supplementalGroups: listOf(types.int64, { pb: 3, list: "atomic", doc: "Further group ids." }),
	},
	"Ids that a container was started with.",
);
export interface LinuxContainerUser extends Infer<typeof LinuxContainerUser> {}

export const ContainerUser = object(
	"core.v1.ContainerUser",
	{
		linux: ref(LinuxContainerUser, { pb: 1, nullable: true, doc: "Ids on Linux." }),
	},
	"User that a container was started as.",
);
export interface ContainerUser extends Infer<typeof ContainerUser> {}

export const ResourceHealth = object(
	"core.v1.ResourceHealth",
	{
		resourceID: string({ required: true, pb: 1, doc: "Id of the device." }),
		health: string({ pb: 2, doc: "Healthy, Unhealthy or Unknown." }),
		message: string({ pb: 6, nullable: true, doc: "More about its health." }),
	},
	"Health of one device.",
);
export interface ResourceHealth extends Infer<typeof ResourceHealth> {}

export const ResourceStatus = object(
	"core.v1.ResourceStatus",
	{
		name: string({ required: true, pb: 1, doc: "Name of the resource." }),
		resources: listOf(ResourceHealth, {
			pb: 2,
			list: "map",
			keys: ["resourceID"],
			doc: "Health of each device.",
		}),
	},
	"Health of one resource of a container.",
);
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
		allocatedResources: mapOf(types.quantity, {
			pb: 10,
			doc: "Resources that the node has set aside for it.",
		}),
		resources: ref(ResourceRequirements, { pb: 11, nullable: true, doc: "Resources that hold for it now." }),
		volumeMounts: listOf(VolumeMountStatus, {
			pb: 12,
			list: "map",
			keys: ["mountPath"],
			patch: ["merge"],
			mergeKey: "mountPath",
			doc: "How its volumes are mounted.",
		}),
		user: ref(ContainerUser, { pb: 13, nullable: true, doc: "User that it was started as." }),
		allocatedResourcesStatus: listOf(ResourceStatus, {
			pb: 14,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "Health of its devices.",
		}),
		stopSignal: string({ pb: 15, nullable: true, doc: "Signal that stops it." }),
	},
	"State of one container.",
);
export interface ContainerStatus extends Infer<typeof ContainerStatus> {}

export const PodResourceClaimStatus = object(
	"core.v1.PodResourceClaimStatus",
	{
		name: string({ required: true, pb: 1, doc: "Name within the pod." }),
		resourceClaimName: string({
			pb: 2,
			nullable: true,
			doc: "Name of the claim that was made; absent when none was needed.",
		}),
	},
	"A claim that was made for the pod.",
);
export interface PodResourceClaimStatus extends Infer<typeof PodResourceClaimStatus> {}

export const ContainerExtendedResourceRequest = object(
	"core.v1.ContainerExtendedResourceRequest",
	{
		containerName: string({ required: true, pb: 1, doc: "Name of the container." }),
		resourceName: string({ required: true, pb: 2, doc: "Name of the extended resource." }),
		requestName: string({ required: true, pb: 3, doc: "Name of the request in the claim." }),
	},
	"A container's extended resource, and the request of the claim that serves it.",
);
export interface ContainerExtendedResourceRequest extends Infer<typeof ContainerExtendedResourceRequest> {}

export const PodExtendedResourceClaimStatus = object(
	"core.v1.PodExtendedResourceClaimStatus",
	{
		requestMappings: listOf(ContainerExtendedResourceRequest, {
			required: true,
			pb: 1,
			list: "atomic",
			doc: "Which container's resource is which request of the claim.",
		}),
		resourceClaimName: string({ required: true, pb: 2, doc: "Name of the claim." }),
	},
	"The claim that was made for extended resources.",
);
export interface PodExtendedResourceClaimStatus extends Infer<typeof PodExtendedResourceClaimStatus> {}

export const NodeAllocatableResourceClaimStatus = object(
	"core.v1.NodeAllocatableResourceClaimStatus",
	{
		resourceClaimName: string({ required: true, pb: 1, doc: "Name of the claim." }),
		containers: listOf(types.string, { pb: 2, list: "set", doc: "Containers that use it." }),
		resources: mapOf(types.quantity, { required: true, pb: 3, doc: "How much of each resource." }),
	},
	"Resources of the node that a claim takes.",
);
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
		conditions: conditionsField(PodCondition, 2, "Whether the pod is scheduled, initialized and ready."),
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
		resize: string({ pb: 14, doc: "Older form of what the resize conditions say." }),
		resourceClaimStatuses: listOf(PodResourceClaimStatus, {
			pb: 15,
			list: "map",
			keys: ["name"],
			patch: ["merge", "retainKeys"],
			mergeKey: "name",
			doc: "Claims that were made for the pod.",
		}),
		extendedResourceClaimStatus: ref(PodExtendedResourceClaimStatus, {
			pb: 18,
			nullable: true,
			doc: "The claim that was made for extended resources.",
		}),
		allocatedResources: mapOf(types.quantity, {
			pb: 19,
			doc: "Resources that the node has set aside for the pod.",
		}),
		resources: ref(ResourceRequirements, {
			pb: 20,
			nullable: true,
			doc: "Resources that hold for the pod as a whole.",
		}),
		nodeAllocatableResourceClaimStatuses: listOf(NodeAllocatableResourceClaimStatus, {
			pb: 21,
			list: "atomic",
			doc: "Resources of the node that claims take.",
		}),
	},
	"What became of a pod.",
);
export interface PodStatus extends Infer<typeof PodStatus> {}
