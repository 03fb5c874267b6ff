import { ObjectMetaSchema } from "../../machinery/meta.ts";
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
	types,
} from "../../machinery/schema.ts";
import { Container, EphemeralContainer, ResourceRequirements } from "./container.ts";
import { LocalObjectReference } from "./references.ts";
import { Affinity, Toleration, TopologySpreadConstraint } from "./scheduling.ts";
import { PodSecurityContext } from "./security-context.ts";
import { Volume } from "./volume.ts";

export const HostAlias = object("core.v1.HostAlias", {
	ip: string({ required: true, pb: 1 }),
	hostnames: listOf(types.string, { pb: 2, list: "atomic" }),
});
export interface HostAlias extends Infer<typeof HostAlias> {}

export const PodDNSConfigOption = object("core.v1.PodDNSConfigOption", {
	name: string({ pb: 1 }),
	value: string({ pb: 2, nullable: true }),
});
export interface PodDNSConfigOption extends Infer<typeof PodDNSConfigOption> {}

export const PodDNSConfig = object("core.v1.PodDNSConfig", {
	nameservers: listOf(types.string, { pb: 1, list: "atomic" }),
	searches: listOf(types.string, { pb: 2, list: "atomic" }),
	options: listOf(PodDNSConfigOption, { pb: 3, list: "atomic" }),
});
export interface PodDNSConfig extends Infer<typeof PodDNSConfig> {}

export const PodReadinessGate = object("core.v1.PodReadinessGate", {
	conditionType: string({ required: true, pb: 1 }),
});
export interface PodReadinessGate extends Infer<typeof PodReadinessGate> {}

export const PodOS = object("core.v1.PodOS", {
	name: string({ required: true, pb: 1, enum: ["linux", "windows"] }),
});
export interface PodOS extends Infer<typeof PodOS> {}

export const PodSchedulingGate = object("core.v1.PodSchedulingGate", {
	name: string({ required: true, pb: 1 }),
});
export interface PodSchedulingGate extends Infer<typeof PodSchedulingGate> {}

export const PodResourceClaim = object("core.v1.PodResourceClaim", {
	name: string({ required: true, pb: 1 }),
	resourceClaimName: string({ pb: 3, nullable: true }),
	resourceClaimTemplateName: string({ pb: 4, nullable: true }),
});
export interface PodResourceClaim extends Infer<typeof PodResourceClaim> {}

export const PodSchedulingGroup = object("core.v1.PodSchedulingGroup", {
	podGroupName: string({ pb: 1, nullable: true }),
});
export interface PodSchedulingGroup extends Infer<typeof PodSchedulingGroup> {}

export const PodSpec = object("core.v1.PodSpec", {
	volumes: listOf(Volume, {
		pb: 1,
		list: "map",
		keys: ["name"],
		patch: ["merge", "retainKeys"],
		mergeKey: "name",
	}),
	initContainers: listOf(Container, {
		pb: 20,
		list: "map",
		keys: ["name"],
		patch: ["merge"],
		mergeKey: "name",
	}),
	containers: listOf(Container, {
		required: true,
		pb: 2,
		list: "map",
		keys: ["name"],
		patch: ["merge"],
		mergeKey: "name",
	}),
	ephemeralContainers: listOf(EphemeralContainer, {
		pb: 34,
		list: "map",
		keys: ["name"],
		patch: ["merge"],
		mergeKey: "name",
	}),
	restartPolicy: string({ pb: 3, enum: ["Always", "OnFailure", "Never"] }),
	terminationGracePeriodSeconds: int64({ pb: 4, nullable: true }),
	activeDeadlineSeconds: int64({ pb: 5, nullable: true }),
	dnsPolicy: string({ pb: 6, enum: ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"] }),
	nodeSelector: mapOf(types.string, { pb: 7, atomic: true }),
	serviceAccountName: string({ pb: 8 }),
	serviceAccount: string({ pb: 9 }),
	automountServiceAccountToken: bool({ pb: 21, nullable: true }),
	nodeName: string({ pb: 10 }),
	hostNetwork: bool({ pb: 11 }),
	hostPID: bool({ pb: 12 }),
	hostIPC: bool({ pb: 13 }),
	shareProcessNamespace: bool({ pb: 27, nullable: true }),
	securityContext: ref(PodSecurityContext, { pb: 14, nullable: true }),
	imagePullSecrets: listOf(LocalObjectReference, {
		pb: 15,
		list: "map",
		keys: ["name"],
		patch: ["merge"],
		mergeKey: "name",
	}),
	hostname: string({ pb: 16 }),
	subdomain: string({ pb: 17 }),
	affinity: ref(Affinity, { pb: 18, nullable: true }),
	schedulerName: string({ pb: 19 }),
	tolerations: listOf(Toleration, { pb: 22, list: "atomic" }),
	hostAliases: listOf(HostAlias, { pb: 23, list: "map", keys: ["ip"], patch: ["merge"], mergeKey: "ip" }),
	priorityClassName: string({ pb: 24 }),
	priority: int32({ pb: 25, nullable: true }),
	dnsConfig: ref(PodDNSConfig, { pb: 26, nullable: true }),
	readinessGates: listOf(PodReadinessGate, { pb: 28, list: "atomic" }),
	runtimeClassName: string({ pb: 29, nullable: true }),
	enableServiceLinks: bool({ pb: 30, nullable: true }),
	preemptionPolicy: string({ pb: 31, nullable: true, enum: ["PreemptLowerPriority", "Never"] }),
	overhead: mapOf(types.quantity, { pb: 32 }),
	topologySpreadConstraints: listOf(TopologySpreadConstraint, {
		pb: 33,
		list: "map",
		keys: ["topologyKey", "whenUnsatisfiable"],
		patch: ["merge"],
		mergeKey: "topologyKey",
	}),
	setHostnameAsFQDN: bool({ pb: 35, nullable: true }),
	os: ref(PodOS, { pb: 36, nullable: true }),
	hostUsers: bool({ pb: 37, nullable: true }),
	schedulingGates: listOf(PodSchedulingGate, {
		pb: 38,
		list: "map",
		keys: ["name"],
		patch: ["merge"],
		mergeKey: "name",
	}),
	resourceClaims: listOf(PodResourceClaim, {
		pb: 39,
		list: "map",
		keys: ["name"],
		patch: ["merge", "retainKeys"],
		mergeKey: "name",
	}),
	resources: ref(ResourceRequirements, { pb: 40, nullable: true }),
	hostnameOverride: string({ pb: 41, nullable: true }),
	schedulingGroup: ref(PodSchedulingGroup, { pb: 43, nullable: true }),
});
export interface PodSpec extends Infer<typeof PodSpec> {}

export const PodTemplateSpec = object("core.v1.PodTemplateSpec", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	spec: ref(PodSpec, { pb: 2 }),
});
export interface PodTemplateSpec extends Infer<typeof PodTemplateSpec> {}
