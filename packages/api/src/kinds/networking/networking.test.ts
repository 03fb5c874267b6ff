import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { Ingress } from "./ingress.ts";
import { IngressClass } from "./ingress-class.ts";
import { IPAddress } from "./ip-address.ts";
import { NetworkPolicy } from "./network-policy.ts";
import { ServiceCIDR } from "./service-cidr.ts";

const backend = { service: { name: "web", port: { number: 80 } } };
const paths = (...list: object[]) => ({ spec: { rules: [{ host: "a.example", http: { paths: list } }] } });

test("Ingress", (t) => {
	runKindTable(t, Ingress, {
		sample: paths({ path: "/", pathType: "Prefix", backend }),
		creates: [
			[
				{ spec: { rules: null } },
				["spec: Invalid value: []: either `defaultBackend` or `rules` must be specified"],
			],
			[
				paths({ path: "/", backend }),
				["spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"],
			],
			[
				paths({ path: "a//b", pathType: "Exact", backend }),
				[
					'spec.rules[0].http.paths[0].path: Invalid value: "a//b": must be an absolute path',
					"spec.rules[0].http.paths[0].path: Invalid value: \"a//b\": must not contain '//'",
				],
			],
			[
				{ spec: { defaultBackend: {} } },
				['spec.defaultBackend: Invalid value: "": resource or service backend is required'],
			],
			[
				{ spec: { defaultBackend: { service: { name: "web", port: { name: "http", number: 80 } } } } },
				['spec.defaultBackend: Invalid value: "": cannot set both port name & port number'],
			],
			[
				{ spec: { rules: [{ host: "10.0.0.1" }] } },
				['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
			],
			[{ spec: { rules: [{ host: "*.example.com" }], tls: [{ hosts: ["*.example.com"] }] } }, []],
			[
				{
					metadata: { annotations: { "kubernetes.io/ingress.class": "a" } },
					spec: { ingressClassName: "b" },
				},
				[
					'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both are specified',
				],
			],
		],
		prints: [
			{
				spec: { ingressClassName: "nginx", tls: [{}], rules: ["a", "b", "c", "d"].map((host) => ({ host })) },
				status: { loadBalancer: { ingress: [{ ip: "10.0.0.2" }, { hostname: "lb" }] } },
			},
			["nginx", "a,b,c + 1 more...", "10.0.0.2,lb", "80, 443", "5m"],
		],
	});
});

test("IngressClass", (t) => {
	runKindTable(t, IngressClass, {
		sample: { spec: { controller: "example.com/c", parameters: { kind: "K", name: "p" } } },
		defaults: { "spec.parameters.scope": "Cluster" },
		creates: [
			[
				{ spec: { controller: "c" } },
				['spec.controller: Invalid value: "c": must be a domain-prefixed path (such as "acme.io/foo")'],
			],
			[
				{ spec: { parameters: { scope: "Namespace" } } },
				["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
			],
			[
				{ spec: { parameters: { namespace: "n" } } },
				["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
			],
		],
		updates: [
			[
				{ spec: { controller: "example.com/d" } },
				['spec.controller: Invalid value: "example.com/d": field is immutable'],
			],
		],
		prints: [{ spec: { parameters: { apiGroup: "g.io" } } }, ["example.com/c", "K.g.io/p", "5m"]],
	});
});

test("NetworkPolicy", (t) => {
	runKindTable(t, NetworkPolicy, {
		sample: { spec: { podSelector: { matchLabels: { a: "b" } }, egress: [{ ports: [{ port: 53 }] }] } },
		defaults: {
			"spec.policyTypes": ["Ingress", "Egress"],
			"spec.egress": [{ ports: [{ port: 53, protocol: "TCP" }] }],
		},
		creates: [
			[
				{ spec: { ingress: [{ from: [{}] }] } },
				["spec.ingress[0].from[0]: Required value: must specify a peer"],
			],
			[
				{ spec: { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["11.0.0.0/9"] } }] }] } },
				[
					'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/9": must be a strict subset of `cidr`',
				],
			],
			[
				{ spec: { egress: [{ ports: [{ port: 90, endPort: 80 }] }] } },
				["spec.egress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`"],
			],
			[
				{ spec: { egress: [{ ports: [{ endPort: 80 }] }] } },
				[
					"spec.egress[0].ports[0].endPort: Invalid value: 80: may not be specified when `port` is not specified",
				],
			],
		],
		prints: [{}, ["a=b", "5m"]],
	});
});

test("ServiceCIDR", (t) => {
	runKindTable(t, ServiceCIDR, {
		sample: { spec: { cidrs: ["10.96.0.0/16"] } },
		creates: [
			[{ spec: { cidrs: [] } }, ["spec.cidrs: Required value: at least one CIDR required"]],
			[
				{ spec: { cidrs: ["10.96.0.1/16"] } },
				['spec.cidrs[0]: Invalid value: "10.96.0.1/16": must not have bits set beyond the prefix length'],
			],
			[{ spec: { cidrs: ["10.96.0.0/16", "fd00::/108"] } }, []],
		],
		updates: [
			[
				{ spec: { cidrs: ["10.97.0.0/16"] } },
				['spec.cidrs[0]: Invalid value: "10.97.0.0/16": field is immutable'],
			],
			[{ spec: { cidrs: ["10.96.0.0/16", "fd00::/108"] } }, []],
		],
		prints: [{ spec: { cidrs: ["10.96.0.0/16", "fd00::/108"] } }, ["10.96.0.0/16,fd00::/108", "5m"]],
	});
});

test("IPAddress", (t) => {
	runKindTable(t, IPAddress, {
		name: "10.96.0.1",
		sample: { spec: { parentRef: { resource: "services", namespace: "default", name: "kubernetes" } } },
		creates: [
			[
				{ metadata: { name: "fd00::0001" } },
				['metadata.name: Invalid value: "fd00::0001": must be in canonical form ("fd00::1")'],
			],
			[{ spec: { parentRef: null } }, ["spec.parentRef: Required value"]],
			[{ spec: { parentRef: { resource: "" } } }, ["spec.parentRef.resource: Required value"]],
		],
		prints: [{}, ["services/default/kubernetes", "5m"]],
	});
});
