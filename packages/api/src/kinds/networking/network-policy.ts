import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import {
	type Infer,
	int32,
	intOrString,
	listOf,
	object,
	ref,
	string,
	types,
} from "../../machinery/schema.ts";
import { ageColumn, formatSelector } from "../columns.ts";
import { change, fillAbsent, mapSame } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateNetworkPolicy } from "./network-policy-validation.ts";

export const NetworkPolicyPort = object(
	"networking.v1.NetworkPolicyPort",
	{
		protocol: string({
			pb: 1,
			nullable: true,
			enum: ["TCP", "UDP", "SCTP"],
			doc: "TCP, UDP or SCTP; TCP by default.",
		}),
		port: intOrString({
			pb: 2,
			nullable: true,
			doc: "Number, or name of a port of the pod; none: all ports.",
		}),
		endPort: int32({ pb: 3, nullable: true, doc: "Last port of the range that starts at port." }),
	},
	"A port or a range of ports.",
);
export interface NetworkPolicyPort extends Infer<typeof NetworkPolicyPort> {}

export const IPBlock = object(
	"networking.v1.IPBlock",
	{
		cidr: string({ required: true, pb: 1, doc: "The range." }),
		except: listOf(types.string, { pb: 2, list: "atomic", doc: "Ranges inside it that are left out." }),
	},
	"A range of addresses with holes.",
);
export interface IPBlock extends Infer<typeof IPBlock> {}

export const NetworkPolicyPeer = object(
	"networking.v1.NetworkPolicyPeer",
	{
		podSelector: ref(LabelSelector, { pb: 1, nullable: true, doc: "Pods by label." }),
		namespaceSelector: ref(LabelSelector, { pb: 2, nullable: true, doc: "Pods of namespaces by label." }),
		ipBlock: ref(IPBlock, { pb: 3, nullable: true, doc: "Addresses; stands alone." }),
	},
	"Pods or addresses.",
);
export interface NetworkPolicyPeer extends Infer<typeof NetworkPolicyPeer> {}

export const NetworkPolicyIngressRule = object(
	"networking.v1.NetworkPolicyIngressRule",
	{
		ports: listOf(NetworkPolicyPort, { pb: 1, list: "atomic", doc: "Ports it may come to; none: all." }),
		from: listOf(NetworkPolicyPeer, {
			pb: 2,
			list: "atomic",
			doc: "Where it may come from; none: anywhere.",
		}),
	},
	"Traffic that may come in.",
);
export interface NetworkPolicyIngressRule extends Infer<typeof NetworkPolicyIngressRule> {}

export const NetworkPolicyEgressRule = object(
	"networking.v1.NetworkPolicyEgressRule",
	{
		ports: listOf(NetworkPolicyPort, { pb: 1, list: "atomic", doc: "Ports it may go to; none: all." }),
		to: listOf(NetworkPolicyPeer, { pb: 2, list: "atomic", doc: "Where it may go; none: anywhere." }),
	},
	"Traffic that may go out.",
);
export interface NetworkPolicyEgressRule extends Infer<typeof NetworkPolicyEgressRule> {}

export const NetworkPolicySpec = object(
	"networking.v1.NetworkPolicySpec",
	{
		podSelector: ref(LabelSelector, {
			pb: 1,
			doc: "Pods that the policy is about; empty: all of the namespace.",
		}),
		ingress: listOf(NetworkPolicyIngressRule, {
			pb: 2,
			list: "atomic",
			doc: "Traffic that may come in; an empty list lets none in.",
		}),
		egress: listOf(NetworkPolicyEgressRule, {
			pb: 3,
			list: "atomic",
			doc: "Traffic that may go out; an empty list lets none out.",
		}),
		policyTypes: listOf(types.string, { pb: 4, list: "atomic", doc: "Which directions the policy rules." }),
	},
	"Pods, and the traffic that they are left with.",
);
export interface NetworkPolicySpec extends Infer<typeof NetworkPolicySpec> {}

const NetworkPolicySchema = object(
	"networking.v1.NetworkPolicy",
	{
		metadata: metadataField,
		spec: ref(NetworkPolicySpec, { default: {}, pb: 2, doc: "What is wanted." }),
	},
	"Says which traffic pods accept and send.",
);
export interface NetworkPolicy
	extends KubeObject,
		Omit<Infer<typeof NetworkPolicySchema>, "metadata" | "spec"> {
	readonly spec: NetworkPolicySpec;
}

export const NetworkPolicy = defineKind<NetworkPolicy>({
	group: "networking.k8s.io",
	version: "v1",
	kind: "NetworkPolicy",
	plural: "networkpolicies",
	shortNames: ["netpol"],
	scope: "Namespaced",
	schema: NetworkPolicySchema,
	hasGeneration: true,
	columns: [
		{
			name: "Pod-Selector",
			type: "string",
			description: "Pods that the policy is about.",
			value: ({ spec }) => formatSelector(spec.podSelector),
		},
		ageColumn,
	],
	defaults: (policy) => change(policy, "spec", specDefaults),
	validate: validateNetworkPolicy,
});

function specDefaults(spec: NetworkPolicySpec): NetworkPolicySpec {
	const ingress = change(spec, "ingress", (rules) => mapSame(rules, withProtocols));
	const both = change(ingress, "egress", (rules) => mapSame(rules, withProtocols));
	if (both.policyTypes?.length) return both;
	// Who says what may go out means it.
	return { ...both, policyTypes: both.egress?.length ? ["Ingress", "Egress"] : ["Ingress"] };
}

const withProtocols = <R extends { readonly ports?: readonly NetworkPolicyPort[] | undefined }>(rule: R): R =>
	change(rule, "ports", (ports) => mapSame(ports, (port) => fillAbsent(port, { protocol: "TCP" })));
