import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, listOf, object, ref, string, types, within } from "../../machinery/schema.ts";
import { TypedLocalObjectReference } from "../core/volume.ts";
import { metadataField } from "../metadata-field.ts";
import { ingressColumns } from "./ingress-columns.ts";
import { validateIngress, validateIngressStatus, validateNewIngress } from "./ingress-validation.ts";

export const ServiceBackendPort = object("networking.v1.ServiceBackendPort", {
	name: string({ pb: 1 }),
	number: int32({ pb: 2 }),
});
export interface ServiceBackendPort extends Infer<typeof ServiceBackendPort> {}

export const IngressServiceBackend = object("networking.v1.IngressServiceBackend", {
	name: string({ required: true, pb: 1 }),
	port: ref(ServiceBackendPort, { pb: 2 }),
});
export interface IngressServiceBackend extends Infer<typeof IngressServiceBackend> {}

export const IngressBackend = object("networking.v1.IngressBackend", {
	service: ref(IngressServiceBackend, { pb: 4, nullable: true }),
	resource: ref(TypedLocalObjectReference, { pb: 3, nullable: true }),
});
export interface IngressBackend extends Infer<typeof IngressBackend> {}

export const IngressTLS = object("networking.v1.IngressTLS", {
	hosts: listOf(types.string, { pb: 1, list: "atomic" }),
	secretName: string({ pb: 2 }),
});
export interface IngressTLS extends Infer<typeof IngressTLS> {}

export const HTTPIngressPath = object("networking.v1.HTTPIngressPath", {
	path: string({ pb: 1 }),
	pathType: string({ required: true, pb: 3, nullable: true }),
	backend: ref(IngressBackend, { required: true, pb: 2 }),
});
export interface HTTPIngressPath extends Infer<typeof HTTPIngressPath> {}

export const HTTPIngressRuleValue = object("networking.v1.HTTPIngressRuleValue", {
	paths: listOf(HTTPIngressPath, { required: true, pb: 1, list: "atomic" }),
});
export interface HTTPIngressRuleValue extends Infer<typeof HTTPIngressRuleValue> {}

export const IngressRule = object("networking.v1.IngressRule", {
	...within(2, { http: ref(HTTPIngressRuleValue, { pb: 1, nullable: true }) }),
	host: string({ pb: 1 }),
});
export interface IngressRule extends Infer<typeof IngressRule> {}

export const IngressSpec = object("networking.v1.IngressSpec", {
	ingressClassName: string({ pb: 4, nullable: true }),
	defaultBackend: ref(IngressBackend, { pb: 1, nullable: true }),
	tls: listOf(IngressTLS, { pb: 2, list: "atomic" }),
	rules: listOf(IngressRule, { pb: 3, list: "atomic" }),
});
export interface IngressSpec extends Infer<typeof IngressSpec> {}

export const IngressPortStatus = object("networking.v1.IngressPortStatus", {
	port: int32({ required: true, pb: 1 }),
	protocol: string({ required: true, pb: 2, enum: ["TCP", "UDP", "SCTP"] }),
	error: string({ pb: 3, nullable: true }),
});
export interface IngressPortStatus extends Infer<typeof IngressPortStatus> {}

export const IngressLoadBalancerIngress = object("networking.v1.IngressLoadBalancerIngress", {
	ip: string({ pb: 1 }),
	hostname: string({ pb: 2 }),
	ports: listOf(IngressPortStatus, { pb: 4, list: "atomic" }),
});
export interface IngressLoadBalancerIngress extends Infer<typeof IngressLoadBalancerIngress> {}

export const IngressLoadBalancerStatus = object("networking.v1.IngressLoadBalancerStatus", {
	ingress: listOf(IngressLoadBalancerIngress, { pb: 1, list: "atomic" }),
});
export interface IngressLoadBalancerStatus extends Infer<typeof IngressLoadBalancerStatus> {}

export const IngressStatus = object("networking.v1.IngressStatus", {
	loadBalancer: ref(IngressLoadBalancerStatus, { pb: 1 }),
});
export interface IngressStatus extends Infer<typeof IngressStatus> {}

const IngressSchema = object("networking.v1.Ingress", {
	metadata: metadataField,
	spec: ref(IngressSpec, { default: {}, pb: 2, doc: "What is wanted." }),
	status: ref(IngressStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
});
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
