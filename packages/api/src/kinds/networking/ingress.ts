import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, listOf, object, ref, string, types, within } from "../../machinery/schema.ts";
import { TypedLocalObjectReference } from "../core/references.ts";
import { metadataField } from "../metadata-field.ts";
import { ingressColumns } from "./ingress-columns.ts";
import { validateIngress, validateIngressStatus, validateNewIngress } from "./ingress-validation.ts";

export const ServiceBackendPort = object(
	"networking.v1.ServiceBackendPort",
	{
		name: string({ pb: 1, doc: "Name of the port." }),
		number: int32({ pb: 2, doc: "Number of the port." }),
	},
	"A port by name or by number.",
);
export interface ServiceBackendPort extends Infer<typeof ServiceBackendPort> {}

export const IngressServiceBackend = object(
	"networking.v1.IngressServiceBackend",
	{
		name: string({ required: true, pb: 1, doc: "Name of the service." }),
		port: ref(ServiceBackendPort, { pb: 2, doc: "Its port." }),
	},
	"A service and one of its ports.",
);
export interface IngressServiceBackend extends Infer<typeof IngressServiceBackend> {}

export const IngressBackend = object(
	"networking.v1.IngressBackend",
	{
		service: ref(IngressServiceBackend, { pb: 4, nullable: true, doc: "A service of the same namespace." }),
		resource: ref(TypedLocalObjectReference, {
			pb: 3,
			nullable: true,
			doc: "An object of the same namespace that the controller knows.",
		}),
	},
	"What answers requests: a service or another object.",
);
export interface IngressBackend extends Infer<typeof IngressBackend> {}

export const IngressTLS = object(
	"networking.v1.IngressTLS",
	{
		hosts: listOf(types.string, { pb: 1, list: "atomic", doc: "Host names in the certificate." }),
		secretName: string({ pb: 2, doc: "Secret that holds certificate and key." }),
	},
	"Hosts that share a certificate.",
);
export interface IngressTLS extends Infer<typeof IngressTLS> {}

export const HTTPIngressPath = object(
	"networking.v1.HTTPIngressPath",
	{
		path: string({ pb: 1, doc: "Path that requests are compared with; starts with a slash." }),
		pathType: string({
			required: true,
			pb: 3,
			nullable: true,
			doc: "How: Exact, Prefix by path element, or as the controller likes.",
		}),
		backend: ref(IngressBackend, { required: true, pb: 2, doc: "What answers." }),
	},
	"A path and what answers it.",
);
export interface HTTPIngressPath extends Infer<typeof HTTPIngressPath> {}

export const HTTPIngressRuleValue = object(
	"networking.v1.HTTPIngressRuleValue",
	{
		paths: listOf(HTTPIngressPath, {
			required: true,
			pb: 1,
			list: "atomic",
			doc: "Paths, and what answers them.",
		}),
	},
	"Which path leads where.",
);
export interface HTTPIngressRuleValue extends Infer<typeof HTTPIngressRuleValue> {}

export const IngressRule = object(
	"networking.v1.IngressRule",
	{
		...within(2, {
			http: ref(HTTPIngressRuleValue, { pb: 1, nullable: true, doc: "Paths, and what answers them." }),
		}),
		host: string({ pb: 1, doc: "Host name; `*.` at its start stands for one label. Empty: every host." }),
	},
	"Requests to one host.",
);
export interface IngressRule extends Infer<typeof IngressRule> {}

export const IngressSpec = object(
	"networking.v1.IngressSpec",
	{
		ingressClassName: string({
			pb: 4,
			nullable: true,
			doc: "Class of the controllers that take care of it.",
		}),
		defaultBackend: ref(IngressBackend, {
			pb: 1,
			nullable: true,
			doc: "Where requests go that no rule matches.",
		}),
		tls: listOf(IngressTLS, {
			pb: 2,
			list: "atomic",
			doc: "Hosts that are served over TLS, and with which certificates.",
		}),
		rules: listOf(IngressRule, { pb: 3, list: "atomic", doc: "Hosts and what becomes of their requests." }),
	},
	"What is to be routed.",
);
export interface IngressSpec extends Infer<typeof IngressSpec> {}

export const IngressPortStatus = object(
	"networking.v1.IngressPortStatus",
	{
		port: int32({ required: true, pb: 1, doc: "The port." }),
		protocol: string({ required: true, pb: 2, enum: ["TCP", "UDP", "SCTP"], doc: "TCP, UDP or SCTP." }),
		error: string({ pb: 3, nullable: true, doc: "What is wrong with it, in one word." }),
	},
	"State of one port of a load balancer.",
);
export interface IngressPortStatus extends Infer<typeof IngressPortStatus> {}

export const IngressLoadBalancerIngress = object(
	"networking.v1.IngressLoadBalancerIngress",
	{
		ip: string({ pb: 1, doc: "Address." }),
		hostname: string({ pb: 2, doc: "Host name." }),
		ports: listOf(IngressPortStatus, { pb: 4, list: "atomic", doc: "Ports that it listens on." }),
	},
	"One address of a load balancer.",
);
export interface IngressLoadBalancerIngress extends Infer<typeof IngressLoadBalancerIngress> {}

export const IngressLoadBalancerStatus = object(
	"networking.v1.IngressLoadBalancerStatus",
	{
		ingress: listOf(IngressLoadBalancerIngress, {
			pb: 1,
			list: "atomic",
			doc: "Addresses and names of what balances the load.",
		}),
	},
	"Where a load balancer is reached.",
);
export interface IngressLoadBalancerStatus extends Infer<typeof IngressLoadBalancerStatus> {}

export const IngressStatus = object(
	"networking.v1.IngressStatus",
	{
		loadBalancer: ref(IngressLoadBalancerStatus, { pb: 1, doc: "Where it is reached." }),
	},
	"Where an ingress is reached.",
);
export interface IngressStatus extends Infer<typeof IngressStatus> {}

const IngressSchema = object(
	"networking.v1.Ingress",
	{
		metadata: metadataField,
		spec: ref(IngressSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(IngressStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Routes HTTP requests from outside to services by host and path.",
);
export interface Ingress extends KubeObject, Omit<Infer<typeof IngressSchema>, "metadata" | "spec"> {
	readonly spec: IngressSpec;
}

export const Ingress = defineKind<Ingress>({
	group: "networking.k8s.io",
	version: "v1",
	kind: "Ingress",
	plural: "ingresses",
	shortNames: ["ing"],
	scope: "Namespaced",
	schema: IngressSchema,
	hasStatus: true,
	hasGeneration: true,
	columns: ingressColumns,
	validate: validateIngress,
	validateCreate: validateNewIngress,
	validateStatusUpdate: validateIngressStatus,
});
