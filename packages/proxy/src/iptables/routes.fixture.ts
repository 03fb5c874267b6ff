/** Routes for tests: one written by hand, or many at random. */
import fc from "fast-check";
import type { Backend, ServiceRoute } from "../services.ts";
import type { RuleSettings } from "./rules.ts";

export const SETTINGS: RuleSettings = {
	family: "IPv4",
	clusterCidr: "10.244.0.0/16",
	serviceCidr: "10.96.0.0/16",
	clusterDns: "10.96.0.10",
	nodeAddresses: ["192.168.0.1", "192.168.0.2"],
	randomFully: true,
};

export const route = (changes: Partial<ServiceRoute> = {}): ServiceRoute => ({
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
	backends: [
		{ address: "10.244.1.2", port: 8080 },
		{ address: "10.244.2.2", port: 8080 },
	],
	localBackends: [{ address: "10.244.1.2", port: 8080 }],
	...changes,
});

const backend: fc.Arbitrary<Backend> = fc.record({
	address: fc.tuple(fc.nat(3), fc.integer({ min: 2, max: 6 })).map(([node, pod]) => `10.244.${node}.${pod}`),
	port: fc.constantFrom(8080, 9090),
});

const oneRoute: fc.Arbitrary<ServiceRoute> = fc
	.record({
		name: fc.constantFrom("a", "b", "c", "d", "e"),
		portName: fc.constantFrom("http", "dns", ""),
		protocol: fc.constantFrom("TCP", "UDP", "SCTP"),
		clusterIP: fc.tuple(fc.nat(2), fc.integer({ min: 20, max: 24 })).map(([c, d]) => `10.96.${c}.${d}`),
		port: fc.constantFrom(53, 80),
		nodePort: fc.option(fc.constantFrom(30_001, 30_002), { nil: undefined }),
		externalIPs: fc.subarray(["203.0.113.1", "203.0.113.2"]),
		loadBalancerIPs: fc.subarray(["198.51.100.1"]),
		allowedSources: fc.subarray(["192.0.2.0/24"]),
		affinity: fc.option(fc.constantFrom(1, 10_800), { nil: undefined }),
		internalPolicy: fc.constantFrom("Cluster", "Local"),
		externalPolicy: fc.constantFrom("Cluster", "Local"),
		backends: fc.uniqueArray(backend, { maxLength: 4, selector: (b) => `${b.address} ${b.port}` }),
		locals: fc.nat(2),
	})
	.map(({ name, portName, backends, locals, ...rest }) => ({
		...rest,
		id: `default/${name}${portName && `:${portName}`}`,
		family: "IPv4",
		backends,
		localBackends: backends.slice(0, locals),
	}));

/** No two of the same name and protocol: the API sees to that. */
export const someRoutes: fc.Arbitrary<readonly ServiceRoute[]> = fc.uniqueArray(oneRoute, {
	maxLength: 12,
	selector: ({ id, protocol }) => `${id} ${protocol}`,
});
