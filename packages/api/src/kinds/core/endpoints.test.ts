import test from "ava";
import { EndpointSlice } from "../discovery/endpoint-slice.ts";
import { completed, refusals, row, sampleMeta, updateRefusals } from "../testing/samples.ts";
import { type EndpointSubset, Endpoints } from "./endpoints.ts";

const endpoints = (...subsets: EndpointSubset[]): Endpoints => ({
	apiVersion: "v1",
	kind: "Endpoints",
	metadata: sampleMeta("web"),
	subsets,
});
const slice = (extra: Partial<EndpointSlice>): EndpointSlice => ({
	apiVersion: "discovery.k8s.io/v1",
	kind: "EndpointSlice",
	metadata: sampleMeta("web-1"),
	addressType: "IPv4",
	...extra,
});
const ips = (...numbers: number[]) => numbers.map((number) => ({ ip: `10.244.0.${number}` }));

const prints: [subsets: EndpointSubset[], expected: string][] = [
	[[], "<none>"],
	[[{ addresses: ips(1), ports: [{ port: 80 }] }], "10.244.0.1:80"],
	[[{ addresses: ips(1, 2) }], "10.244.0.1,10.244.0.2"],
	[[{ notReadyAddresses: ips(1), ports: [{ port: 80 }] }], ""],
	[[{ addresses: [{ ip: "fd00::1" }], ports: [{ port: 80 }] }], "[fd00::1]:80"],
	[
		[{ addresses: ips(1, 2), ports: [{ port: 80 }, { port: 81 }] }],
		"10.244.0.1:80,10.244.0.2:80,10.244.0.1:81 + 1 more...",
	],
];
for (const [subsets, expected] of prints)
	test(`endpoints print "${expected}"`, (t) =>
		t.is(row(Endpoints, endpoints(...subsets)).Endpoints, expected));

test("slices print", (t) => {
	t.deepEqual(row(EndpointSlice, slice({})), {
		AddressType: "IPv4",
		Ports: "<unset>",
		Endpoints: "<unset>",
		Age: "5m",
	});
	const full = slice({
		ports: [{ port: 80 }, {}],
		endpoints: [
			{ addresses: ["10.0.0.1", "10.0.0.2"] },
			{ addresses: ["10.0.0.3"] },
			{ addresses: ["10.0.0.4"] },
		],
	});
	t.is(row(EndpointSlice, full).Ports, "80,*");
	t.is(row(EndpointSlice, full).Endpoints, "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...");
});

test("defaults", (t) => {
	t.deepEqual(completed(Endpoints, endpoints({ ports: [{ port: 80 }] })).subsets, [
		{ ports: [{ port: 80, protocol: "TCP" }] },
	]);
	t.deepEqual(completed(EndpointSlice, slice({ ports: [{ port: 80 }] })).ports, [
		{ port: 80, name: "", protocol: "TCP" },
	]);
});

test("endpoints are judged", (t) => {
	t.deepEqual(
		refusals(
			Endpoints,
			endpoints(
				{ ports: [{ port: 80 }] },
				{
					addresses: [{ ip: "169.254.1.1" }, { ip: "nope" }, { ip: "10.0.0.1", nodeName: "Bad Name" }],
					ports: [{ port: 0 }, { port: 1, name: "a" }],
				},
			),
		).map((text) => text.slice(0, 90)),
		[
			"subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
			'subsets[1].addresses[0].ip: Invalid value: "169.254.1.1": may not be in the link-local range',
			'subsets[1].addresses[1].ip: Invalid value: "nope": must be a valid IP address, (e.g. 10.9.',
			'subsets[1].addresses[2].nodeName: Invalid value: "Bad Name": a lowercase RFC 1123 subdomain',
			"subsets[1].ports[0].name: Required value",
			"subsets[1].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
		].map((text) => text.slice(0, 90)),
	);
	t.deepEqual(Endpoints.warnings?.(endpoints()), [
		"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
	]);
});

test("slices are judged", (t) => {
	t.deepEqual(
		refusals(
			EndpointSlice,
			slice({
				endpoints: [{ addresses: [] }, { addresses: ["fd00::1", "127.0.0.1"] }],
				ports: [{ name: "a" }, { name: "a" }, {}, {}],
			}),
		),
		[
			"endpoints[0].addresses: Required value: must contain at least 1 address",
			'endpoints[1].addresses[0]: Invalid value: "fd00::1": must be a valid IPv4 address',
			'endpoints[1].addresses[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
			'ports[1].name: Duplicate value: "a"',
			'ports[3].name: Duplicate value: ""',
		],
	);
	t.deepEqual(refusals(EndpointSlice, slice({ addressType: "IP" })), [
		'addressType: Unsupported value: "IP": supported values: "FQDN", "IPv4", "IPv6"',
	]);
	const many = Array.from({ length: 1001 }, () => ({ addresses: ["10.0.0.1"] }));
	t.deepEqual(refusals(EndpointSlice, slice({ endpoints: many })), [
		"endpoints: Too many: 1001: must have at most 1000 items",
	]);
	t.deepEqual(updateRefusals(EndpointSlice, slice({ addressType: "IPv6" }), slice({})), [
		'addressType: Invalid value: "IPv6": field is immutable',
	]);
});
