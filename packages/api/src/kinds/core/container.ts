import {
	atomicObject,
	bool,
	type Infer,
	int32,
	listOf,
	mapOf,
	object,
	ref,
	string,
	types,
	within,
} from "../../machinery/schema.ts";
import { Lifecycle, Probe } from "./probe.ts";
import { localReferenceFields, ObjectFieldSelector, ResourceFieldSelector } from "./references.ts";
import { SecurityContext } from "./security-context.ts";

export const ContainerPort = object(
	"core.v1.ContainerPort",
	{
		name: string({ pb: 1, doc: "Name that services and probes can use for the port." }),
		hostPort: int32({ pb: 2, doc: "Port of the node that leads to this one." }),
		containerPort: int32({ required: true, pb: 3, doc: "Number of the port in the container." }),
		protocol: string({ pb: 4, default: "TCP", enum: ["TCP", "UDP", "SCTP"], doc: "TCP, UDP or SCTP." }),
		hostIP: string({ pb: 5, doc: "Address of the node to open hostPort on." }),
	},
	"A port that a container listens on.",
);
export interface ContainerPort extends Infer<typeof ContainerPort> {}

export const ConfigMapEnvSource = object(
	"core.v1.ConfigMapEnvSource",
	{
		...localReferenceFields,
		optional: bool({ pb: 2, nullable: true, doc: "True: the container starts even when it is missing." }),
	},
	"A config map whose keys become variables.",
);
export interface ConfigMapEnvSource extends Infer<typeof ConfigMapEnvSource> {}

export const SecretEnvSource = object(
	"core.v1.SecretEnvSource",
	{
		...localReferenceFields,
		optional: bool({ pb: 2, nullable: true, doc: "True: the container starts even when it is missing." }),
	},
	"A secret whose keys become variables.",
);
export interface SecretEnvSource extends Infer<typeof SecretEnvSource> {}

export const EnvFromSource = object(
	"core.v1.EnvFromSource",
	{
		prefix: string({ pb: 1, doc: "Beginning of the variables' names." }),
		configMapRef: ref(ConfigMapEnvSource, { pb: 2, nullable: true, doc: "The config map." }),
		secretRef: ref(SecretEnvSource, { pb: 3, nullable: true, doc: "The secret." }),
	},
	"Every key of a config map or secret, as variables.",
);
export interface EnvFromSource extends Infer<typeof EnvFromSource> {}

export const ConfigMapKeySelector = atomicObject(
	"core.v1.ConfigMapKeySelector",
	{
		...localReferenceFields,
		key: string({ required: true, pb: 2, doc: "The key." }),
		optional: bool({
			pb: 3,
			nullable: true,
			doc: "True: the container starts even when object or key is missing.",
		}),
	},
	"One key of a config map.",
);
export interface ConfigMapKeySelector extends Infer<typeof ConfigMapKeySelector> {}

export const SecretKeySelector = atomicObject(
	"core.v1.SecretKeySelector",
	{
		...localReferenceFields,
		key: string({ required: true, pb: 2, doc: "The key." }),
		optional: bool({
			pb: 3,
			nullable: true,
			doc: "True: the container starts even when object or key is missing.",
		}),
	},
	"One key of a secret.",
);
export interface SecretKeySelector extends Infer<typeof SecretKeySelector> {}

export const FileKeySelector = atomicObject(
	"core.v1.FileKeySelector",
	{
		volumeName: string({ required: true, pb: 1, doc: "The emptyDir volume with the file." }),
		path: string({ required: true, pb: 2, doc: "Path of the file in the volume." }),
		key: string({ required: true, pb: 3, doc: "Name of the variable in the file." }),
		optional: bool({
			pb: 4,
			nullable: true,
			default: false,
			doc: "True: the container starts even when file or variable is missing.",
		}),
	},
	"One variable of a file that an init container has written.",
);
export interface FileKeySelector extends Infer<typeof FileKeySelector> {}

export const EnvVarSource = object(
	"core.v1.EnvVarSource",
	{
		fieldRef: ref(ObjectFieldSelector, { pb: 1, nullable: true, doc: "A field of the pod." }),
		resourceFieldRef: ref(ResourceFieldSelector, {
			pb: 2,
			nullable: true,
			doc: "A request or limit of a container.",
		}),
		configMapKeyRef: ref(ConfigMapKeySelector, { pb: 3, nullable: true, doc: "A key of a config map." }),
		secretKeyRef: ref(SecretKeySelector, { pb: 4, nullable: true, doc: "A key of a secret." }),
		fileKeyRef: ref(FileKeySelector, { pb: 5, nullable: true, doc: "A variable in a file of a volume." }),
	},
	"Where the value of a variable comes from.",
);
export interface EnvVarSource extends Infer<typeof EnvVarSource> {}

export const EnvVar = object(
	"core.v1.EnvVar",
	{
		name: string({ required: true, pb: 1, doc: "Name of the variable." }),
		value: string({ pb: 2, doc: "Value; $(NAME) stands for earlier variables." }),
		valueFrom: ref(EnvVarSource, {
			pb: 3,
			nullable: true,
			doc: "Where the value comes from, instead of value.",
		}),
	},
	"One environment variable.",
);
export interface EnvVar extends Infer<typeof EnvVar> {}

export const ContainerResourceClaim = object(
	"core.v1.ResourceClaim",
	{
		name: string({ required: true, pb: 1, doc: "Name of the claim in the pod's resourceClaims." }),
		request: string({ pb: 2, doc: "One request of the claim; default all of them." }),
	},
	"Devices that the container uses.",
);
export interface ContainerResourceClaim extends Infer<typeof ContainerResourceClaim> {}

export const ResourceRequirements = object(
	"core.v1.ResourceRequirements",
	{
		limits: mapOf(types.quantity, { pb: 1, doc: "The most that may be used." }),
		requests: mapOf(types.quantity, {
			pb: 2,
			doc: "What is set aside; what is limited only is requested as well.",
		}),
		claims: listOf(ContainerResourceClaim, {
			pb: 3,
			list: "map",
			keys: ["name"],
			doc: "Devices used, of those that the pod claims.",
		}),
	},
	"What is set aside and what is the most.",
);
export interface ResourceRequirements extends Infer<typeof ResourceRequirements> {}

export const ContainerResizePolicy = object(
	"core.v1.ContainerResizePolicy",
	{
		resourceName: string({ required: true, pb: 1, doc: "The resource: cpu or memory." }),
		restartPolicy: string({
			required: true,
			pb: 2,
			enum: ["NotRequired", "RestartContainer"],
			doc: "NotRequired or RestartContainer.",
		}),
	},
	"What a changed amount of one resource means for the running container.",
);
export interface ContainerResizePolicy extends Infer<typeof ContainerResizePolicy> {}

export const ContainerRestartRuleOnExitCodes = object(
	"core.v1.ContainerRestartRuleOnExitCodes",
	{
		operator: string({ required: true, pb: 1, enum: ["In", "NotIn"], doc: "In or NotIn." }),
		values: listOf(types.int32, { pb: 2, list: "set", doc: "The exit codes." }),
	},
	"A choice of exit codes.",
);
export interface ContainerRestartRuleOnExitCodes extends Infer<typeof ContainerRestartRuleOnExitCodes> {}

export const ContainerRestartRule = object(
	"core.v1.ContainerRestartRule",
	{
		action: string({
			required: true,
			pb: 1,
			enum: ["Restart", "RestartAllContainers"],
			doc: "What is done: Restart, or RestartAllContainers.",
		}),
		exitCodes: ref(ContainerRestartRuleOnExitCodes, {
			pb: 2,
			nullable: true,
			doc: "Exit codes that the rule is about.",
		}),
	},
	"What some ways of ending lead to.",
);
export interface ContainerRestartRule extends Infer<typeof ContainerRestartRule> {}

export const VolumeMount = object(
	"core.v1.VolumeMount",
	{
		name: string({ required: true, pb: 1, doc: "Name of the volume." }),
		readOnly: bool({ pb: 2, doc: "Refuse writes." }),
		recursiveReadOnly: string({
			pb: 7,
			nullable: true,
			enum: ["Disabled", "IfPossible", "Enabled"],
			doc: "Whether mounts below are read-only too.",
		}),
		mountPath: string({ required: true, pb: 3, doc: "Directory in the container." }),
		subPath: string({ pb: 4, doc: "Part of the volume to mount, instead of its root." }),
		mountPropagation: string({
			pb: 5,
			nullable: true,
			enum: ["None", "HostToContainer", "Bidirectional"],
			doc: "Whether mounts made later are seen on the other side.",
		}),
		subPathExpr: string({ pb: 6, doc: "As subPath, with $(NAME) for environment variables." }),
	},
	"A volume's place in a container.",
);
export interface VolumeMount extends Infer<typeof VolumeMount> {}

export const VolumeDevice = object(
	"core.v1.VolumeDevice",
	{
		name: string({ required: true, pb: 1, doc: "Name of a claim's volume in the pod." }),
		devicePath: string({ required: true, pb: 2, doc: "Path of the device in the container." }),
	},
	"A raw device that the container sees.",
);
export interface VolumeDevice extends Infer<typeof VolumeDevice> {}

/** What containers of every sort have. */
const containerFields = {
	name: string({ required: true, pb: 1, doc: "Name of the container, unique in the pod." }),
	image: string({ pb: 2, doc: "Image to run." }),
	command: listOf(types.string, {
		pb: 3,
		list: "atomic",
		doc: "Program to run instead of the image's entry point.",
	}),
	args: listOf(types.string, { pb: 4, list: "atomic", doc: "Arguments, instead of the image's." }),
	workingDir: string({ pb: 5, doc: "Directory to start in." }),
	ports: listOf(ContainerPort, {
		pb: 6,
		list: "map",
		keys: ["containerPort", "protocol"],
		patch: ["merge"],
		mergeKey: "containerPort",
		doc: "Ports that the program listens on; for information, and for names.",
	}),
	envFrom: listOf(EnvFromSource, {
		pb: 19,
		list: "atomic",
		doc: "Config maps and secrets whose keys become environment variables.",
	}),
	env: listOf(EnvVar, {
		pb: 7,
		list: "map",
		keys: ["name"],
		patch: ["merge"],
		mergeKey: "name",
		doc: "Environment variables.",
	}),
	resources: ref(ResourceRequirements, { pb: 8, doc: "What the container gets at least and at most." }),
	resizePolicy: listOf(ContainerResizePolicy, {
		pb: 23,
		list: "atomic",
		doc: "Which resources may be changed without a restart.",
	}),
	restartPolicy: string({
		pb: 24,
		nullable: true,
		enum: ["Always", "Never", "OnFailure"],
		doc: "When this container is started again, if other than the pod's policy.",
	}),
	restartPolicyRules: listOf(ContainerRestartRule, {
		pb: 25,
		list: "atomic",
		doc: "Exit codes that decide about a restart.",
	}),
	volumeMounts: listOf(VolumeMount, {
		pb: 9,
		list: "map",
		keys: ["mountPath"],
		patch: ["merge"],
		mergeKey: "mountPath",
		doc: "Where volumes appear in the container's file system.",
	}),
	volumeDevices: listOf(VolumeDevice, {
		pb: 21,
		list: "map",
		keys: ["devicePath"],
		patch: ["merge"],
		mergeKey: "devicePath",
		doc: "Where raw block devices appear.",
	}),
	livenessProbe: ref(Probe, {
		pb: 10,
		nullable: true,
		doc: "How to find out that the container is stuck and must be restarted.",
	}),
	readinessProbe: ref(Probe, {
		pb: 11,
		nullable: true,
		doc: "How to find out whether it can take traffic.",
	}),
	startupProbe: ref(Probe, {
		pb: 22,
		nullable: true,
		doc: "How to find out that it has started; until then other probes wait.",
	}),
	lifecycle: ref(Lifecycle, {
		pb: 12,
		nullable: true,
		doc: "What to do after the start and before the stop.",
	}),
	terminationMessagePath: string({ pb: 13, doc: "File whose content becomes the termination message." }),
	terminationMessagePolicy: string({
		pb: 20,
		enum: ["File", "FallbackToLogsOnError"],
		doc: "Where the termination message comes from: File, or FallbackToLogsOnError.",
	}),
	imagePullPolicy: string({
		pb: 14,
		enum: ["Always", "Never", "IfNotPresent"],
		doc: "When the image is pulled: Always, IfNotPresent or Never.",
	}),
	securityContext: ref(SecurityContext, {
		pb: 15,
		nullable: true,
		doc: "User, privileges and protection of this container.",
	}),
	stdin: bool({ pb: 16, doc: "Keep standard input open." }),
	stdinOnce: bool({ pb: 17, doc: "Close standard input after the first attachment ends." }),
	tty: bool({ pb: 18, doc: "Give the container a terminal." }),
};

export const Container = object(
	"core.v1.Container",
	containerFields,
	"One program in a pod, run from an image.",
);
export interface Container extends Infer<typeof Container> {}

export const EphemeralContainer = object(
	"core.v1.EphemeralContainer",
	{
		...within(1, containerFields),
		targetContainerName: string({ pb: 2, doc: "Container whose processes this one sees." }),
	},
	"A container added to a running pod for debugging.",
);
export interface EphemeralContainer extends Infer<typeof EphemeralContainer> {}
