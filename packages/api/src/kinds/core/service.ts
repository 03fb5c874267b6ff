import { defineKind } from "../../machinery/kind.ts";
import { Condition, type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import {
	bool,
	type Infer,
	int32,
	intOrString,
	listOf,
	mapOf,
	object,
	ref,
	string,
	types,
} from "../../machinery/schema.ts";
import { serviceColumns } from "./service-columns.ts";
import { defaultService } from "./service-defaults.ts";
import { validateServiceStatusUpdate, validateServiceUpdate } from "./service-update-validation.ts";
import { validateService } from "./service-validation.ts";

export const ServicePort = object("core.v1.ServicePort", {
	name: string({ pb: 1 }),
	protocol: string({ pb: 2, default: "TCP", enum: ["TCP", "UDP", "SCTP"] }),
	appProtocol: string({ pb: 6, nullable: true }),
	port: int32({ required: true, pb: 3 }),
	targetPort: intOrString({ pb: 4 }),
	nodePort: int32({ pb: 5 }),
});
export interface ServicePort extends Infer<typeof ServicePort> {}

export const ClientIPConfig = object("core.v1.ClientIPConfig", {
	timeoutSeconds: int32({ pb: 1, nullable: true }),
});
export interface ClientIPConfig extends Infer<typeof ClientIPConfig> {}

export const SessionAffinityConfig = object("core.v1.SessionAffinityConfig", {
	clientIP: ref(ClientIPConfig, { pb: 1, nullable: true }),
});
export interface SessionAffinityConfig extends Infer<typeof SessionAffinityConfig> {}

export const ServiceSpec = object("core.v1.ServiceSpec", {
	ports: listOf(ServicePort, {
		pb: 1,
		list: "map",
		keys: ["port", "protocol"],
		patch: ["merge"],
		mergeKey: "port",
	}),
	selector: mapOf(types.string, { pb: 2, atomic: true }),
	clusterIP: string({ pb: 3 }),
	clusterIPs: listOf(types.string, { pb: 18, list: "atomic" }),
	type: string({ pb: 4, enum: ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"] }),
	externalIPs: listOf(types.string, { pb: 5, list: "atomic" }),
	sessionAffinity: string({ pb: 7, enum: ["ClientIP", "None"] }),
	loadBalancerIP: string({ pb: 8 }),
	loadBalancerSourceRanges: listOf(types.string, { pb: 9, list: "atomic" }),
	externalName: string({ pb: 10 }),
	externalTrafficPolicy: string({ pb: 11, enum: ["Cluster", "Local"] }),
	healthCheckNodePort: int32({ pb: 12 }),
	publishNotReadyAddresses: bool({ pb: 13 }),
	sessionAffinityConfig: ref(SessionAffinityConfig, { pb: 14, nullable: true }),
	ipFamilies: listOf(types.string, { pb: 19, list: "atomic" }),
	ipFamilyPolicy: string({
		pb: 17,
		nullable: true,
		enum: ["SingleStack", "PreferDualStack", "RequireDualStack"],
	}),
	allocateLoadBalancerNodePorts: bool({ pb: 20, nullable: true }),
	loadBalancerClass: string({ pb: 21, nullable: true }),
	internalTrafficPolicy: string({ pb: 22, nullable: true, enum: ["Cluster", "Local"] }),
	trafficDistribution: string({ pb: 23, nullable: true }),
});
export interface ServiceSpec extends Infer<typeof ServiceSpec> {}

export const PortStatus = object("core.v1.PortStatus", {
	port: int32({ required: true, pb: 1 }),
	protocol: string({ required: true, pb: 2, enum: ["TCP", "UDP", "SCTP"] }),
	error: string({ pb: 3, nullable: true }),
});
export interface PortStatus extends Infer<typeof PortStatus> {}

export const LoadBalancerIngress = object("core.v1.LoadBalancerIngress", {
	ip: string({ pb: 1 }),
	hostname: string({ pb: 2 }),
	ipMode: string({ pb: 3, nullable: true, enum: ["VIP", "Proxy"] }),
	ports: listOf(PortStatus, { pb: 4, list: "atomic" }),
});
export interface LoadBalancerIngress extends Infer<typeof LoadBalancerIngress> {}

export const LoadBalancerStatus = object("core.v1.LoadBalancerStatus", {
	ingress: listOf(LoadBalancerIngress, { pb: 1, list: "atomic" }),
});
export interface LoadBalancerStatus extends Infer<typeof LoadBalancerStatus> {}

export const ServiceStatus = object("core.v1.ServiceStatus", {
	loadBalancer: ref(LoadBalancerStatus, { pb: 1 }),
	conditions: listOf(Condition, { pb: 2, list: "map", keys: ["type"], patch: ["merge"], mergeKey: "type" }),
});
export interface ServiceStatus extends Infer<typeof ServiceStatus> {}

const ServiceSchema = object("core.v1.Service", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	spec: ref(ServiceSpec, { default: {}, pb: 2 }),
	status: ref(ServiceStatus, { pb: 3 }),
});
export interface Service extends KubeObject, Omit<Infer<typeof ServiceSchema>, "metadata" | "spec"> {
	readonly spec: ServiceSpec;
}

export const Service = defineKind<Service>({
	group: "",
	version: "v1",
	kind: "Service",
	plural: "services",
	shortNames: ["svc"],
	categories: ["all"],
	scope: "Namespaced",
	schema: ServiceSchema,
	hasStatus: true,
	name: "dnsLabelRfc1035",
	columns: serviceColumns,
	selectableFields: {
		"spec.clusterIP": (service) => service.spec.clusterIP ?? "",
		"spec.type": (service) => service.spec.type ?? "",
	},
	defaults: defaultService,
	validate: validateService,
	validateUpdate: validateServiceUpdate,
	validateStatusUpdate: validateServiceStatusUpdate,
	prepareCreate: (service) => ({ ...service, status: { loadBalancer: {} } }),
});
