import test from "ava";
import { completed, refusals, row, sampleMeta, updateRefusals } from "../testing/samples.ts";
import { Service, type ServiceSpec, type ServiceStatus } from "./service.ts";

const service = (spec: ServiceSpec, status?: ServiceStatus): Service => ({
	apiVersion: "v1",
	kind: "Service",
	metadata: sampleMeta("web"),
	spec,
	...(status ? { status } : {}),
});
/** As it is once addresses have been given out. */
const addressed: ServiceSpec = { clusterIP: "10.96.0.7", clusterIPs: ["10.96.0.7"], ports: [{ port: 80 }] };

test("defaults", (t) => {
	t.deepEqual(completed(Service, service({ ports: [{ port: 80 }], selector: { app: "web" } })).spec, {
		ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
		selector: { app: "web" },
		type: "ClusterIP",
		sessionAffinity: "None",
		internalTrafficPolicy: "Cluster",
	});
	const balancer = completed(Service, service({ type: "LoadBalancer", sessionAffinity: "ClientIP" })).spec;
	t.is(balancer.externalTrafficPolicy, "Cluster");
	t.true(balancer.allocateLoadBalancerNodePorts);
	t.deepEqual(balancer.sessionAffinityConfig, { clientIP: { timeoutSeconds: 10800 } });
	t.is(completed(Service, service({ type: "ExternalName" })).spec.internalTrafficPolicy, undefined);
	t.is(completed(Service, service({ externalIPs: ["1.2.3.4"] })).spec.externalTrafficPolicy, "Cluster");
});

const rows: [title: string, spec: ServiceSpec, status: ServiceStatus | undefined, expected: string[]][] = [
	["cluster address", addressed, undefined, ["ClusterIP", "10.96.0.7", "<none>", "80/TCP", "5m", "<none>"]],
	[
		"node ports",
		{
			...addressed,
			type: "NodePort",
			ports: [
				{ port: 80, nodePort: 30080 },
				{ port: 53, protocol: "UDP", nodePort: 30053 },
			],
			selector: { b: "2", a: "1" },
		},
		undefined,
		["NodePort", "10.96.0.7", "<none>", "80:30080/TCP,53:30053/UDP", "5m", "a=1,b=2"],
	],
	[
		"a balancer that is not there yet",
		{ ...addressed, type: "LoadBalancer" },
		undefined,
		["LoadBalancer", "10.96.0.7", "<pending>", "80/TCP", "5m", "<none>"],
	],
	[
		"a balancer",
		{ ...addressed, type: "LoadBalancer", externalIPs: ["9.9.9.9"] },
		{ loadBalancer: { ingress: [{ ip: "2.2.2.2" }, { hostname: "lb.example" }] } },
		["LoadBalancer", "10.96.0.7", "2.2.2.2,lb.example,9.9.9.9", "80/TCP", "5m", "<none>"],
	],
	[
		"an alias",
		{ type: "ExternalName", externalName: "db.example" },
		undefined,
		["ExternalName", "<none>", "db.example", "<none>", "5m", "<none>"],
	],
];
for (const [title, spec, status, expected] of rows)
	test(`prints ${title}`, (t) =>
		t.deepEqual(Object.values(row(Service, completed(Service, service(spec, status)))), expected));

const refused: [title: string, spec: ServiceSpec, expected: string[]][] = [
	["a plain service", addressed, []],
	["no ports", { ...addressed, ports: [] }, ["spec.ports: Required value"]],
	["headless without ports", { clusterIP: "None", clusterIPs: ["None"] }, []],
	[
		"several ports without names",
		{ ...addressed, ports: [{ port: 80 }, { port: 81, name: "a" }, { port: 82, name: "a" }] },
		["spec.ports[0].name: Required value", 'spec.ports[2].name: Duplicate value: "a"'],
	],
	[
		"the same port twice",
		{
			...addressed,
			ports: [
				{ port: 80, name: "a" },
				{ port: 80, name: "b" },
			],
		},
		[
			'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
		],
	],
	[
		"ports out of range",
		{ ...addressed, ports: [{ port: 0, targetPort: 70000 }] },
		[
			"spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
			"spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
		],
	],
	[
		"a node port without need",
		{ ...addressed, ports: [{ port: 80, nodePort: 30000 }] },
		["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
	],
	["an alias of nothing", { type: "ExternalName" }, ["spec.externalName: Required value"]],
	[
		"an alias with an address",
		{ type: "ExternalName", externalName: "db.example.", clusterIPs: ["1.2.3.4"] },
		["spec.clusterIPs: Forbidden: may not be set for ExternalName services"],
	],
	[
		"affinity for too long",
		{
			...addressed,
			sessionAffinity: "ClientIP",
			sessionAffinityConfig: { clientIP: { timeoutSeconds: 90000 } },
		},
		[
			"spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: must be greater than 0 and less than 86400",
		],
	],
	[
		"an unknown type",
		{ ...addressed, type: "Magic" as "ClusterIP" },
		[
			'spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
		],
	],
	[
		"outside addresses",
		{ ...addressed, externalIPs: ["127.0.0.1", "nope"] },
		[
			'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
			'spec.externalIPs[1]: Invalid value: "nope": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
		],
	],
	[
		"what only balancers have",
		{
			...addressed,
			loadBalancerSourceRanges: ["10.0.0.0/33"],
			loadBalancerClass: "x/y",
			healthCheckNodePort: 30001,
		},
		[
			"spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
			'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
			"spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
			"spec.healthCheckNodePort: Invalid value: 30001: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
		],
	],
	[
		"headless with node ports",
		{ type: "NodePort", clusterIP: "None", clusterIPs: ["None"], ports: [{ port: 80 }] },
		["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"],
	],
	[
		"a malformed address",
		{ ...addressed, clusterIP: "10.96.0", clusterIPs: ["10.96.0"] },
		[
			'spec.clusterIPs[0]: Invalid value: "10.96.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
		],
	],
];
for (const [title, spec, expected] of refused)
	test(`judges ${title}`, (t) => t.deepEqual(refusals(Service, service(spec)), expected));

test("the first address stays", (t) => {
	const moved = { ...addressed, clusterIP: "10.96.0.8", clusterIPs: ["10.96.0.8"] };
	t.deepEqual(updateRefusals(Service, service(moved), service(addressed)), [
		'spec.clusterIPs[0]: Invalid value: ["10.96.0.8"]: may not change once set',
	]);
	t.deepEqual(updateRefusals(Service, service({ ports: [{ port: 80 }] }), service(addressed)), [
		"spec.clusterIPs[0]: Invalid value: []: primary clusterIP can not be unset",
	]);
	const alias: ServiceSpec = { type: "ExternalName", externalName: "x" };
	t.deepEqual(updateRefusals(Service, service(alias), service(addressed)), []);
});
