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

export const HostAlias = object(
	"core.v1.HostAlias",
	{
		ip: string({ required: true, pb: 1, doc: "The address." }),
		hostnames: listOf(types.string, { pb: 2, list: "atomic", doc: "Names of the address." }),
	},
	"A line of the pod's hosts file.",
);
export interface HostAlias extends Infer<typeof HostAlias> {}

export const PodDNSConfigOption = object(
	"core.v1.PodDNSConfigOption",
	{
		name: string({ pb: 1, doc: "Name of the option." }),
		value: string({ pb: 2, nullable: true, doc: "Value of the option, if it has one." }),
	},
	"An option of the resolver, such as ndots.",
);
export interface PodDNSConfigOption extends Infer<typeof PodDNSConfigOption> {}

export const PodDNSConfig = object(
	"core.v1.PodDNSConfig",
	{
		nameservers: listOf(types.string, { pb: 1, list: "atomic", doc: "Addresses of name servers." }),
		searches: listOf(types.string, { pb: 2, list: "atomic", doc: "Domains to look short names up in." }),
		options: listOf(PodDNSConfigOption, { pb: 3, list: "atomic", doc: "Options of the resolver." }),
	},
	"Settings of name resolution; added to what dnsPolicy gives.",
);
export interface PodDNSConfig extends Infer<typeof PodDNSConfig> {}

export const PodReadinessGate = object(
	"core.v1.PodReadinessGate",
	{
		conditionType: string({ required: true, pb: 1, doc: "Type of the condition." }),
	},
	"A condition that others set and that must be True for the pod to be ready.",
);
export interface PodReadinessGate extends Infer<typeof PodReadinessGate> {}

export const PodOS = object(
	"core.v1.PodOS",
	{
		name: string({ required: true, pb: 1, enum: ["linux", "windows"], doc: "linux or windows." }),
	},
	"Operating system of a pod.",
);
export interface PodOS extends Infer<typeof PodOS> {}

export const PodSchedulingGate = object(
	"core.v1.PodSchedulingGate",
	{
		name: string({ required: true, pb: 1, doc: "Name of the gate." }),
	},
	"Something that keeps a pod from being placed until it is removed.",
);
export interface PodSchedulingGate extends Infer<typeof PodSchedulingGate> {}

export const PodResourceClaim = object(
	"core.v1.PodResourceClaim",
	{
		name: string({ required: true, pb: 1, doc: "Name within the pod." }),
		resourceClaimName: string({ pb: 3, nullable: true, doc: "An existing claim; instead of a template." }),
		resourceClaimTemplateName: string({
			pb: 4,
			nullable: true,
			doc: "Template of a claim that is made for the pod.",
		}),
	},
	"Devices that the pod's containers may use.",
);
export interface PodResourceClaim extends Infer<typeof PodResourceClaim> {}

export const PodSchedulingGroup = object(
	"core.v1.PodSchedulingGroup",
	{
		podGroupName: string({ pb: 1, nullable: true, doc: "Name of the group." }),
	},
	"Pods that are placed together.",
);
export interface PodSchedulingGroup extends Infer<typeof PodSchedulingGroup> {}

export const PodSpec = object(
	"core.v1.PodSpec",
	{
		volumes: listOf(Volume, {
			pb: 1,
			list: "map",
			keys: ["name"],
			patch: ["merge", "retainKeys"],
			mergeKey: "name",
			doc: "Directories that the pod's containers can mount.",
		}),
		initContainers: listOf(Container, {
			pb: 20,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "Containers that run before the others, one after the other; with restartPolicy Always they keep running beside them.",
		}),
		containers: listOf(Container, {
			required: true,
			pb: 2,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "Containers of the pod; at least one.",
		}),
		ephemeralContainers: listOf(EphemeralContainer, {
			pb: 34,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "Containers added to a running pod for debugging.",
		}),
		restartPolicy: string({
			pb: 3,
			enum: ["Always", "OnFailure", "Never"],
			doc: "When containers that ended are started again: Always, OnFailure or Never.",
		}),
		terminationGracePeriodSeconds: int64({
			pb: 4,
			nullable: true,
			doc: "Seconds that containers have to end by themselves before they are killed.",
		}),
		activeDeadlineSeconds: int64({
			pb: 5,
			nullable: true,
			doc: "Seconds after which the pod is ended and counts as failed.",
		}),
		dnsPolicy: string({
			pb: 6,
			enum: ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
			doc: "Where the pod's names are resolved: ClusterFirst, ClusterFirstWithHostNet, Default (as the node) or None.",
		}),
		nodeSelector: mapOf(types.string, {
			pb: 7,
			atomic: true,
			doc: "Labels that a node must have to run the pod.",
		}),
		serviceAccountName: string({ pb: 8, doc: "Account whose identity the pod has towards the API." }),
		serviceAccount: string({ pb: 9, doc: "Old name of serviceAccountName." }),
		automountServiceAccountToken: bool({
			pb: 21,
			nullable: true,
			doc: "Whether containers find a token of the service account in their file system.",
		}),
		nodeName: string({ pb: 10, doc: "Node that runs the pod; set by the scheduler." }),
		hostNetwork: bool({ pb: 11, doc: "Use the node's own network instead of an own address." }),
		hostPID: bool({ pb: 12, doc: "See the processes of the node." }),
		hostIPC: bool({ pb: 13, doc: "Share the node's interprocess communication." }),
		shareProcessNamespace: bool({
			pb: 27,
			nullable: true,
			doc: "Let the pod's containers see each other's processes.",
		}),
		securityContext: ref(PodSecurityContext, {
			pb: 14,
			nullable: true,
			doc: "Users, groups and protection for all containers of the pod.",
		}),
		imagePullSecrets: listOf(LocalObjectReference, {
			pb: 15,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "Secrets with credentials for image registries.",
		}),
		hostname: string({ pb: 16, doc: "Host name of the pod; its own name unless set." }),
		subdomain: string({
			pb: 17,
			doc: "Domain of the host name: hostname.subdomain.namespace.svc.cluster.local.",
		}),
		affinity: ref(Affinity, {
			pb: 18,
			nullable: true,
			doc: "Nodes and neighbours that the pod needs, prefers or avoids.",
		}),
		schedulerName: string({ pb: 19, doc: "Which scheduler finds a node for the pod." }),
		tolerations: listOf(Toleration, {
			pb: 22,
			list: "atomic",
			doc: "Taints of nodes that the pod puts up with.",
		}),
		hostAliases: listOf(HostAlias, {
			pb: 23,
			list: "map",
			keys: ["ip"],
			patch: ["merge"],
			mergeKey: "ip",
			doc: "Lines for the pod's hosts file.",
		}),
		priorityClassName: string({ pb: 24, doc: "Class that gives the pod its priority." }),
		priority: int32({
			pb: 25,
			nullable: true,
			doc: "Importance of the pod: higher ones go first and may displace lower ones.",
		}),
		dnsConfig: ref(PodDNSConfig, {
			pb: 26,
			nullable: true,
			doc: "Name servers and search domains, beside or instead of those of dnsPolicy.",
		}),
		readinessGates: listOf(PodReadinessGate, {
			pb: 28,
			list: "atomic",
			doc: "Conditions beyond the containers' own that must be True for the pod to be ready.",
		}),
		runtimeClassName: string({
			pb: 29,
			nullable: true,
			doc: "Which of the node's container runtimes runs the pod.",
		}),
		enableServiceLinks: bool({
			pb: 30,
			nullable: true,
			doc: "Whether containers get environment variables for the services of the namespace.",
		}),
		preemptionPolicy: string({
			pb: 31,
			nullable: true,
			enum: ["PreemptLowerPriority", "Never"],
			doc: "Whether the pod may displace pods of lower priority.",
		}),
		overhead: mapOf(types.quantity, {
			pb: 32,
			doc: "Resources that running the pod costs beside its containers.",
		}),
		topologySpreadConstraints: listOf(TopologySpreadConstraint, {
			pb: 33,
			list: "map",
			keys: ["topologyKey", "whenUnsatisfiable"],
			patch: ["merge"],
			mergeKey: "topologyKey",
			doc: "How evenly pods like this one are spread over nodes and zones.",
		}),
		setHostnameAsFQDN: bool({ pb: 35, nullable: true, doc: "Use the fully qualified name as host name." }),
		os: ref(PodOS, { pb: 36, nullable: true, doc: "Operating system that the pod is made for." }),
		hostUsers: bool({ pb: 37, nullable: true, doc: "Whether user ids in the pod are those of the node." }),
		schedulingGates: listOf(PodSchedulingGate, {
			pb: 38,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "Names that must all be removed before the pod is scheduled.",
		}),
		resourceClaims: listOf(PodResourceClaim, {
			pb: 39,
			list: "map",
			keys: ["name"],
			patch: ["merge", "retainKeys"],
			mergeKey: "name",
			doc: "Devices that must be reserved before the pod may start.",
		}),
		resources: ref(ResourceRequirements, {
			pb: 40,
			nullable: true,
			doc: "Requests and limits of the pod as a whole.",
		}),
		hostnameOverride: string({ pb: 41, nullable: true, doc: "Host name of the pod, exactly as written." }),
		schedulingGroup: ref(PodSchedulingGroup, {
			pb: 43,
			nullable: true,
			doc: "Group of pods that are scheduled together.",
		}),
	},
	"What a pod runs, where, and under which rules.",
);
export interface PodSpec extends Infer<typeof PodSpec> {}

export const PodTemplateSpec = object(
	"core.v1.PodTemplateSpec",
	{
		metadata: ref(ObjectMetaSchema, { pb: 1, doc: "Labels and annotations of the pods." }),
		spec: ref(PodSpec, { pb: 2, doc: "What the pods run." }),
	},
	"The pod that a workload makes copies of.",
);
export interface PodTemplateSpec extends Infer<typeof PodTemplateSpec> {}
