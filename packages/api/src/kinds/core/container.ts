import {
	bool,
	type Infer,
	int32,
	listOf,
	mapOf,
	object,
	ref,
	string,
	types,
} from "../../machinery/schema.ts";
import { Lifecycle, Probe } from "./probe.ts";
import { ObjectFieldSelector, ResourceFieldSelector } from "./references.ts";
import { SecurityContext } from "./security-context.ts";

export const ContainerPort = object("core.v1.ContainerPort", {
	name: string({ pb: 1 }),
	hostPort: int32({ pb: 2 }),
	containerPort: int32({ required: true, pb: 3 }),
	protocol: string({ pb: 4, default: "TCP", enum: ["TCP", "UDP", "SCTP"] }),
	hostIP: string({ pb: 5 }),
});
export interface ContainerPort extends Infer<typeof ContainerPort> {}

export const ConfigMapEnvSource = object("core.v1.ConfigMapEnvSource", {
	name: string({ pb: 1, default: "" }),
	optional: bool({ pb: 2, nullable: true }),
});
export interface ConfigMapEnvSource extends Infer<typeof ConfigMapEnvSource> {}

export const SecretEnvSource = object("core.v1.SecretEnvSource", {
	name: string({ pb: 1, default: "" }),
	optional: bool({ pb: 2, nullable: true }),
});
export interface SecretEnvSource extends Infer<typeof SecretEnvSource> {}

export const EnvFromSource = object("core.v1.EnvFromSource", {
	prefix: string({ pb: 1 }),
	configMapRef: ref(ConfigMapEnvSource, { pb: 2, nullable: true }),
	secretRef: ref(SecretEnvSource, { pb: 3, nullable: true }),
});
export interface EnvFromSource extends Infer<typeof EnvFromSource> {}

export const ConfigMapKeySelector = object("core.v1.ConfigMapKeySelector", {
	name: string({ pb: 1, default: "" }),
	key: string({ required: true, pb: 2 }),
	optional: bool({ pb: 3, nullable: true }),
});
export interface ConfigMapKeySelector extends Infer<typeof ConfigMapKeySelector> {}

export const SecretKeySelector = object("core.v1.SecretKeySelector", {
	name: string({ pb: 1, default: "" }),
	key: string({ required: true, pb: 2 }),
	optional: bool({ pb: 3, nullable: true }),
});
export interface SecretKeySelector extends Infer<typeof SecretKeySelector> {}

export const FileKeySelector = object("core.v1.FileKeySelector", {
	volumeName: string({ required: true, pb: 1 }),
	path: string({ required: true, pb: 2 }),
	key: string({ required: true, pb: 3 }),
	optional: bool({ pb: 4, nullable: true, default: false }),
});
export interface FileKeySelector extends Infer<typeof FileKeySelector> {}

export const EnvVarSource = object("core.v1.EnvVarSource", {
	fieldRef: ref(ObjectFieldSelector, { pb: 1, nullable: true }),
	resourceFieldRef: ref(ResourceFieldSelector, { pb: 2, nullable: true }),
	configMapKeyRef: ref(ConfigMapKeySelector, { pb: 3, nullable: true }),
	secretKeyRef: ref(SecretKeySelector, { pb: 4, nullable: true }),
	fileKeyRef: ref(FileKeySelector, { pb: 5, nullable: true }),
});
export interface EnvVarSource extends Infer<typeof EnvVarSource> {}

export const EnvVar = object("core.v1.EnvVar", {
	name: string({ required: true, pb: 1 }),
	value: string({ pb: 2 }),
	valueFrom: ref(EnvVarSource, { pb: 3, nullable: true }),
});
export interface EnvVar extends Infer<typeof EnvVar> {}

export const ResourceClaim = object("core.v1.ResourceClaim", {
	name: string({ required: true, pb: 1 }),
	request: string({ pb: 2 }),
});
export interface ResourceClaim extends Infer<typeof ResourceClaim> {}

export const ResourceRequirements = object("core.v1.ResourceRequirements", {
	limits: mapOf(types.quantity, { pb: 1 }),
	requests: mapOf(types.quantity, { pb: 2 }),
	claims: listOf(ResourceClaim, { pb: 3, list: "map", keys: ["name"] }),
});
export interface ResourceRequirements extends Infer<typeof ResourceRequirements> {}

export const ContainerResizePolicy = object("core.v1.ContainerResizePolicy", {
	resourceName: string({ required: true, pb: 1 }),
	restartPolicy: string({ required: true, pb: 2, enum: ["NotRequired", "RestartContainer"] }),
});
export interface ContainerResizePolicy extends Infer<typeof ContainerResizePolicy> {}

export const ContainerRestartRuleOnExitCodes = object("core.v1.ContainerRestartRuleOnExitCodes", {
	operator: string({ required: true, pb: 1, enum: ["In", "NotIn"] }),
	values: listOf(types.int32, { pb: 2, list: "set" }),
});
export interface ContainerRestartRuleOnExitCodes extends Infer<typeof ContainerRestartRuleOnExitCodes> {}

export const ContainerRestartRule = object("core.v1.ContainerRestartRule", {
	action: string({ required: true, pb: 1, enum: ["Restart", "RestartAllContainers"] }),
	exitCodes: ref(ContainerRestartRuleOnExitCodes, { pb: 2, nullable: true }),
});
export interface ContainerRestartRule extends Infer<typeof ContainerRestartRule> {}

export const VolumeMount = object("core.v1.VolumeMount", {
	name: string({ required: true, pb: 1 }),
	readOnly: bool({ pb: 2 }),
	recursiveReadOnly: string({ pb: 7, nullable: true, enum: ["Disabled", "IfPossible", "Enabled"] }),
	mountPath: string({ required: true, pb: 3 }),
	subPath: string({ pb: 4 }),
	mountPropagation: string({ pb: 5, nullable: true, enum: ["None", "HostToContainer", "Bidirectional"] }),
	subPathExpr: string({ pb: 6 }),
});
export interface VolumeMount extends Infer<typeof VolumeMount> {}

export const VolumeDevice = object("core.v1.VolumeDevice", {
	name: string({ required: true, pb: 1 }),
	devicePath: string({ required: true, pb: 2 }),
});
export interface VolumeDevice extends Infer<typeof VolumeDevice> {}

export const Container = object("core.v1.Container", {
	name: string({ required: true, pb: 1 }),
	image: string({ pb: 2 }),
	command: listOf(types.string, { pb: 3, list: "atomic" }),
	args: listOf(types.string, { pb: 4, list: "atomic" }),
	workingDir: string({ pb: 5 }),
	ports: listOf(ContainerPort, {
		pb: 6,
		list: "map",
		keys: ["containerPort", "protocol"],
		patch: ["merge"],
		mergeKey: "containerPort",
	}),
	envFrom: listOf(EnvFromSource, { pb: 19, list: "atomic" }),
	env: listOf(EnvVar, { pb: 7, list: "map", keys: ["name"], patch: ["merge"], mergeKey: "name" }),
	resources: ref(ResourceRequirements, { pb: 8 }),
	resizePolicy: listOf(ContainerResizePolicy, { pb: 23, list: "atomic" }),
	restartPolicy: string({ pb: 24, nullable: true, enum: ["Always", "Never", "OnFailure"] }),
	restartPolicyRules: listOf(ContainerRestartRule, { pb: 25, list: "atomic" }),
	volumeMounts: listOf(VolumeMount, {
		pb: 9,
		list: "map",
		keys: ["mountPath"],
		patch: ["merge"],
		mergeKey: "mountPath",
	}),
	volumeDevices: listOf(VolumeDevice, {
		pb: 21,
		list: "map",
		keys: ["devicePath"],
		patch: ["merge"],
		mergeKey: "devicePath",
	}),
	livenessProbe: ref(Probe, { pb: 10, nullable: true }),
	readinessProbe: ref(Probe, { pb: 11, nullable: true }),
	startupProbe: ref(Probe, { pb: 22, nullable: true }),
	lifecycle: ref(Lifecycle, { pb: 12, nullable: true }),
	terminationMessagePath: string({ pb: 13 }),
	terminationMessagePolicy: string({ pb: 20, enum: ["File", "FallbackToLogsOnError"] }),
	imagePullPolicy: string({ pb: 14, enum: ["Always", "Never", "IfNotPresent"] }),
	securityContext: ref(SecurityContext, { pb: 15, nullable: true }),
	stdin: bool({ pb: 16 }),
	stdinOnce: bool({ pb: 17 }),
	tty: bool({ pb: 18 }),
});
export interface Container extends Infer<typeof Container> {}

export const EphemeralContainer = object("core.v1.EphemeralContainer", {
	name: string({ required: true, pb: 1 }),
	image: string({ pb: 2 }),
	command: listOf(types.string, { pb: 3, list: "atomic" }),
	args: listOf(types.string, { pb: 4, list: "atomic" }),
	workingDir: string({ pb: 5 }),
	ports: listOf(ContainerPort, {
		pb: 6,
		list: "map",
		keys: ["containerPort", "protocol"],
		patch: ["merge"],
		mergeKey: "containerPort",
	}),
	envFrom: listOf(EnvFromSource, { pb: 19, list: "atomic" }),
	env: listOf(EnvVar, { pb: 7, list: "map", keys: ["name"], patch: ["merge"], mergeKey: "name" }),
	resources: ref(ResourceRequirements, { pb: 8 }),
	resizePolicy: listOf(ContainerResizePolicy, { pb: 23, list: "atomic" }),
	restartPolicy: string({ pb: 24, nullable: true, enum: ["Always", "Never", "OnFailure"] }),
	restartPolicyRules: listOf(ContainerRestartRule, { pb: 25, list: "atomic" }),
	volumeMounts: listOf(VolumeMount, {
		pb: 9,
		list: "map",
		keys: ["mountPath"],
		patch: ["merge"],
		mergeKey: "mountPath",
	}),
	volumeDevices: listOf(VolumeDevice, {
		pb: 21,
		list: "map",
		keys: ["devicePath"],
		patch: ["merge"],
		mergeKey: "devicePath",
	}),
	livenessProbe: ref(Probe, { pb: 10, nullable: true }),
	readinessProbe: ref(Probe, { pb: 11, nullable: true }),
	startupProbe: ref(Probe, { pb: 22, nullable: true }),
	lifecycle: ref(Lifecycle, { pb: 12, nullable: true }),
	terminationMessagePath: string({ pb: 13 }),
	terminationMessagePolicy: string({ pb: 20, enum: ["File", "FallbackToLogsOnError"] }),
	imagePullPolicy: string({ pb: 14, enum: ["Always", "Never", "IfNotPresent"] }),
	securityContext: ref(SecurityContext, { pb: 15, nullable: true }),
	stdin: bool({ pb: 16 }),
	stdinOnce: bool({ pb: 17 }),
	tty: bool({ pb: 18 }),
	targetContainerName: string({ pb: 2 }),
});
export interface EphemeralContainer extends Infer<typeof EphemeralContainer> {}
