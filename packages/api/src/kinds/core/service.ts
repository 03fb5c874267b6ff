import { defineKind } from "../../machinery/kind.ts";
import { Condition, type KubeObject } from "../../machinery/meta.ts";
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
import { metadataField } from "../metadata-field.ts";
import { serviceColumns } from "./service-columns.ts";
import { defaultService } from "./service-defaults.ts";
import { validateServiceStatusUpdate, validateServiceUpdate } from "./service-update-validation.ts";
import { validateService } from "./service-validation.ts";

export const ServicePort = object(
	"core.v1.ServicePort",
	{
		name: string({ pb: 1, doc: "Name of the port; needed when there are several." }),
		protocol: string({ pb: 2, default: "TCP", enum: ["TCP", "UDP", "SCTP"], doc: "TCP, UDP or SCTP." }),
		appProtocol: string({ pb: 6, nullable: true, doc: "What is spoken over the port." }),
		port: int32({ required: true, pb: 3, doc: "Number that clients use." }),
		targetPort: intOrString({ pb: 4, doc: "Number or name of the pods' port; as port unless set." }),
		nodePort: int32({ pb: 5, doc: "Port of every node that leads here." }),
	},
	"A port of a service.",
);
export interface ServicePort extends Infer<typeof ServicePort> {}

export const ClientIPConfig = object(
	"core.v1.ClientIPConfig",
	{
		timeoutSeconds: int32({
			pb: 1,
			nullable: true,
			doc: "Seconds of silence after which a client may get another pod; default 10800.",
		}),
	},
	"Settings of affinity by client address.",
);
export interface ClientIPConfig extends Infer<typeof ClientIPConfig> {}

export const SessionAffinityConfig = object(
	"core.v1.SessionAffinityConfig",
	{
		clientIP: ref(ClientIPConfig, { pb: 1, nullable: true, doc: "Settings of affinity by client address." }),
	},
	"How long clients stay with one pod.",
);
export interface SessionAffinityConfig extends Infer<typeof SessionAffinityConfig> {}

export const ServiceSpec = object(
	"core.v1.ServiceSpec",
	{
		ports: listOf(ServicePort, {
			pb: 1,
			list: "map",
			keys: ["port", "protocol"],
			patch: ["merge"],
			mergeKey: "port",
			doc: "Ports of the service.",
		}),
		selector: mapOf(types.string, {
			pb: 2,
			atomic: true,
			doc: "Labels of the pods behind the service; without it, endpoints are kept by hand.",
		}),
		clusterIP: string({ pb: 3, doc: "Address inside the cluster; None for none, empty for any." }),
		clusterIPs: listOf(types.string, {
			pb: 18,
			list: "atomic",
			doc: "Addresses inside the cluster, one for each family.",
		}),
		type: string({
			pb: 4,
			enum: ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"],
			doc: "ClusterIP, NodePort, LoadBalancer or ExternalName.",
		}),
		externalIPs: listOf(types.string, {
			pb: 5,
			list: "atomic",
			doc: "Further addresses that nodes accept traffic for.",
		}),
		sessionAffinity: string({
			pb: 7,
			enum: ["ClientIP", "None"],
			doc: "ClientIP keeps a client with one pod; None does not.",
		}),
		loadBalancerIP: string({ pb: 8, doc: "Address wished for from the load balancer; deprecated." }),
		loadBalancerSourceRanges: listOf(types.string, {
			pb: 9,
			list: "atomic",
			doc: "Clients that the load balancer lets in.",
		}),
		externalName: string({ pb: 10, doc: "Name that the service is an alias for." }),
		externalTrafficPolicy: string({
			pb: 11,
			enum: ["Cluster", "Local"],
			doc: "Cluster spreads traffic from outside over all nodes, Local keeps it on the node and the client's address visible.",
		}),
		healthCheckNodePort: int32({
			pb: 12,
			doc: "Port of nodes where load balancers ask for local endpoints.",
		}),
		publishNotReadyAddresses: bool({ pb: 13, doc: "List pods before they are ready." }),
		sessionAffinityConfig: ref(SessionAffinityConfig, {
			pb: 14,
			nullable: true,
			doc: "Settings of sessionAffinity.",
		}),
		ipFamilies: listOf(types.string, { pb: 19, list: "atomic", doc: "IPv4, IPv6 or both." }),
		ipFamilyPolicy: string({
			pb: 17,
			nullable: true,
			enum: ["SingleStack", "PreferDualStack", "RequireDualStack"],
			doc: "Whether one or two families are wanted.",
		}),
		allocateLoadBalancerNodePorts: bool({
			pb: 20,
			nullable: true,
			doc: "Whether a load balancer gets node ports.",
		}),
		loadBalancerClass: string({
			pb: 21,
			nullable: true,
			doc: "Which implementation makes the load balancer.",
		}),
		internalTrafficPolicy: string({
			pb: 22,
			nullable: true,
			enum: ["Cluster", "Local"],
			doc: "Cluster sends traffic from pods to all endpoints, Local to those of the same node.",
		}),
		trafficDistribution: string({ pb: 23, nullable: true, doc: "Preference for near endpoints." }),
	},
	"Which pods are behind the service, and how it is reached.",
);
export interface ServiceSpec extends Infer<typeof ServiceSpec> {}

export const PortStatus = object(
	"core.v1.PortStatus",
	{
		port: int32({ required: true, pb: 1, doc: "The port." }),
		protocol: string({ required: true, pb: 2, enum: ["TCP", "UDP", "SCTP"], doc: "TCP, UDP or SCTP." }),
		error: string({ pb: 3, nullable: true, doc: "What is wrong with it, in one word." }),
	},
	"State of one port of a load balancer.",
);
export interface PortStatus extends Infer<typeof PortStatus> {}

export const LoadBalancerIngress = object(
	"core.v1.LoadBalancerIngress",
	{
		ip: string({ pb: 1, doc: "Its IP address." }),
		hostname: string({ pb: 2, doc: "Its name, where it has no fixed address." }),
		ipMode: string({
			pb: 3,
			nullable: true,
			enum: ["VIP", "Proxy"],
			doc: "What packets to it look like to nodes: VIP keeps the address, Proxy does not.",
		}),
		ports: listOf(PortStatus, { pb: 4, list: "atomic", doc: "State of each port." }),
	},
	"One address of a load balancer.",
);
export interface LoadBalancerIngress extends Infer<typeof LoadBalancerIngress> {}

export const LoadBalancerStatus = object(
	"core.v1.LoadBalancerStatus",
	{
		ingress: listOf(LoadBalancerIngress, { pb: 1, list: "atomic", doc: "Its addresses." }),
	},
	"Where a load balancer is reached.",
);
export interface LoadBalancerStatus extends Infer<typeof LoadBalancerStatus> {}

export const ServiceStatus = object(
	"core.v1.ServiceStatus",
	{
		loadBalancer: ref(LoadBalancerStatus, { pb: 1, doc: "Where the load balancer is reached." }),
		conditions: listOf(Condition, {
			pb: 2,
			list: "map",
			keys: ["type"],
			patch: ["merge"],
			mergeKey: "type",
			doc: "What is known of its state, one entry for each type.",
		}),
	},
	"What is there of a service's load balancer.",
);
export interface ServiceStatus extends Infer<typeof ServiceStatus> {}

const ServiceSchema = object(
	"core.v1.Service",
	{
		metadata: metadataField,
		spec: ref(ServiceSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(ServiceStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"A stable name and address for a set of pods.",
);
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
