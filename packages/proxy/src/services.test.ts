import test from "ava";
import { service, slice } from "./objects.fixture.ts";
import { routesOf } from "./services.ts";

const routes = (
	spec: Parameters<typeof service>[1],
	slices: Parameters<typeof routesOf>[1] = [],
	status?: Parameters<typeof service>[2],
) => routesOf(service("web", spec, status), slices, { nodeName: "here", zone: "a" });
const at = (...addresses: string[]) => addresses.map((address) => ({ address, port: 8080 }));

test("a port of a service and the endpoints of its slices make a route", (t) => {
	t.deepEqual(
		routes({ clusterIP: "10.96.0.20" }, [
			slice("web", [
				{ address: "10.244.1.3", node: "there" },
				{ address: "10.244.1.2", node: "here" },
			]),
		]),
		[
			{
				id: "default/web:http",
				family: "IPv4",
				protocol: "TCP",
				clusterIP: "10.96.0.20",
				port: 80,
				nodePort: undefined,
				externalIPs: [],
				loadBalancerIPs: [],
				allowedSources: [],
				affinity: undefined,
				internalPolicy: "Cluster",
				externalPolicy: "Cluster",
				backends: at("10.244.1.2", "10.244.1.3"),
				localBackends: at("10.244.1.2"),
			},
		],
	);
});

test("headless services and external names have no routes", (t) => {
	t.deepEqual(routes({ clusterIP: "None" }), []);
	t.deepEqual(routes({ type: "ExternalName", externalName: "example.com", clusterIP: "" }), []);
	t.deepEqual(routes({ type: "ExternalName", externalName: "example.com", clusterIP: "10.96.0.3" }), []);
	t.deepEqual(routes({}), []);
});

test("ready endpoints first; those that serve while terminating when none is ready", (t) => {
	const ready = { address: "10.244.1.2" };
	const terminating = { address: "10.244.1.3", ready: false, serving: true, terminating: true };
	const gone = { address: "10.244.1.4", ready: false, serving: false, terminating: true };
	const starting = { address: "10.244.1.5", ready: false };
	const backends = (...all: Parameters<typeof slice>[1][number][]) =>
		routes({ clusterIP: "10.96.0.20" }, [slice("web", all)])[0]?.backends;
	t.deepEqual(backends(ready, terminating, gone, starting), at("10.244.1.2"));
	t.deepEqual(backends(terminating, gone, starting), at("10.244.1.3"));
	t.deepEqual(backends(gone, starting), []);
});

test("a terminating endpoint here is used before none, though others elsewhere are ready", (t) => {
	const [route] = routes({ clusterIP: "10.96.0.20", internalTrafficPolicy: "Local" }, [
		slice("web", [
			{ address: "10.244.2.2", node: "there" },
			{ address: "10.244.1.3", node: "here", ready: false, serving: true, terminating: true },
		]),
	]);
	t.deepEqual(route?.backends, at("10.244.2.2"));
	t.deepEqual(route?.localBackends, at("10.244.1.3"));
});

test("unknown readiness is ready", (t) => {
	const known = slice("web", [{ address: "10.244.1.2" }]);
	const unknown = { ...known, endpoints: [{ addresses: ["10.244.1.2"] }] };
	t.deepEqual(routes({ clusterIP: "10.96.0.20" }, [unknown])[0]?.backends, at("10.244.1.2"));
});

test("an endpoint in two slices counts once, and as ready where one says so", (t) => {
	const [route] = routes({ clusterIP: "10.96.0.20" }, [
		slice("web", [{ address: "10.244.1.2" }], { name: "web-1" }),
		slice("web", [{ address: "10.244.1.2", ready: false, serving: true, terminating: true }], {
			name: "web-2",
		}),
	]);
	t.deepEqual(route?.backends, at("10.244.1.2"));
});

test("ports are matched by name and protocol, also where slices have different numbers", (t) => {
	const ports = [
		{ name: "a", port: 80, protocol: "TCP" as const },
		{ name: "b", port: 81, protocol: "UDP" as const },
		{ name: "c", port: 82, protocol: "SCTP" as const },
	];
	const [a, b, c] = routes({ clusterIP: "10.96.0.20", ports }, [
		slice("web", [{ address: "10.244.1.2" }], {
			ports: [
				{ name: "a", port: 1 },
				{ name: "b", port: 2, protocol: "UDP" },
			],
		}),
		slice("web", [{ address: "10.244.1.3" }], {
			ports: [{ name: "a", port: 9 }, { name: "b", port: 3 }, { name: "c" }],
		}),
	]);
	t.deepEqual(a?.backends, [
		{ address: "10.244.1.2", port: 1 },
		{ address: "10.244.1.3", port: 9 },
	]);
	t.deepEqual(b?.backends, [{ address: "10.244.1.2", port: 2 }]);
	t.deepEqual([c?.protocol, c?.backends], ["SCTP", []]);
});

test("two families give two routes, each with the endpoints of its own", (t) => {
	const both = routes(
		{ clusterIP: "10.96.0.20", clusterIPs: ["10.96.0.20", "fd00::20"], externalIPs: ["fd01::1", "1.2.3.4"] },
		[
			slice("web", [{ address: "10.244.1.2" }]),
			slice("web", [{ address: "fd00:244::2" }], { addressType: "IPv6" }),
			slice("web", [{ address: "example.com" }], { addressType: "FQDN" }),
		],
	);
	t.deepEqual(
		both.map(({ family, backends, externalIPs }) => [family, backends, externalIPs]),
		[
			["IPv4", at("10.244.1.2"), ["1.2.3.4"]],
			["IPv6", at("fd00:244::2"), ["fd01::1"]],
		],
	);
});

test("node ports, load balancers, policies and affinity are carried over", (t) => {
	const spec = {
		type: "LoadBalancer",
		clusterIP: "10.96.0.20",
		ports: [{ port: 80, nodePort: 30_080 }],
		externalTrafficPolicy: "Local",
		internalTrafficPolicy: "Local",
		sessionAffinity: "ClientIP",
		loadBalancerSourceRanges: [" 10.0.0.0/8 ", "nonsense", "fd00::/8"],
	} as const;
	const ingress = [
		{ ip: "198.51.100.1" },
		{ ip: "198.51.100.2", ipMode: "Proxy" },
		{ hostname: "lb" },
	] as const;
	const [route] = routes(spec, [], { loadBalancer: { ingress } });
	t.like(route, {
		id: "default/web",
		nodePort: 30_080,
		loadBalancerIPs: ["198.51.100.1"],
		allowedSources: ["10.0.0.0/8"],
		affinity: 10_800,
		internalPolicy: "Local",
		externalPolicy: "Local",
	});
	const sessionAffinityConfig = { clientIP: { timeoutSeconds: 60 } };
	t.is(routes({ ...spec, sessionAffinityConfig })[0]?.affinity, 60);
	t.is(routes({ ...spec, type: "ClusterIP" })[0]?.nodePort, undefined);
});

test("what would upset a rule is left out", (t) => {
	const ports = [{ port: 0 }, { port: 70_000 }, { name: "ok", port: 80 }];
	const bad = ["10.244.1.2; reboot", "10.244.1", "fe80::1%eth0", ""].map((address) => ({ address }));
	const [route, ...more] = routes(
		{ clusterIP: "10.96.0.20", ports, externalIPs: ["x", "1.2.3.4", "1.2.3.4"] },
		[
			slice("web", bad, {
				ports: [
					{ name: "ok", port: 1 },
					{ name: "ok", port: 99_999 },
				],
			}),
		],
	);
	t.deepEqual(more, []);
	t.deepEqual([route?.backends, route?.externalIPs], [[], ["1.2.3.4"]]);
});

test("services of another proxy, or of none, are left alone", (t) => {
	const mine = service("web", { clusterIP: "10.96.0.20" });
	for (const label of ["service-proxy-name", "headless"]) {
		const labels = { [`service.kubernetes.io/${label}`]: "other" };
		const left = { ...mine, metadata: { ...mine.metadata, labels } };
		t.deepEqual(routesOf(left, [], { nodeName: "here" }), [], label);
	}
});

test("hints lead to this node's endpoints, or to its zone's, when all have them and one is meant for here", (t) => {
	const hinted = (address: string, zone: string | undefined, node?: string) => ({
		address,
		hints: { ...(zone && { forZones: [{ name: zone }] }), ...(node && { forNodes: [{ name: node }] }) },
	});
	const backends = (...all: Parameters<typeof slice>[1][number][]) =>
		routes({ clusterIP: "10.96.0.20" }, [slice("web", all)])[0]?.backends;
	const [first, second, third] = ["10.244.1.2", "10.244.1.3", "10.244.1.4"];
	t.deepEqual(backends(hinted(first, "a"), hinted(second, "b")), at(first));
	t.deepEqual(backends(hinted(first, "a", "here"), hinted(second, "a", "there")), at(first));
	t.deepEqual(backends(hinted(first, "a", "other"), hinted(second, "b", "there")), at(first));
	t.deepEqual(backends(hinted(first, "a"), { address: second }), at(first, second));
	t.deepEqual(backends(hinted(first, "b"), hinted(second, "c")), at(first, second));
	const going = { address: third, ready: false, serving: true, terminating: true };
	t.deepEqual(backends(hinted(first, "a"), hinted(second, "b"), going), at(first));
	t.deepEqual(backends(going), at(third));
	const noZone = routesOf(
		service("web", { clusterIP: "10.96.0.20" }),
		[slice("web", [hinted(first, "a"), hinted(second, "b")])],
		{ nodeName: "here" },
	);
	t.deepEqual(noZone[0]?.backends, at(first, second));
});
