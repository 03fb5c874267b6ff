import type { EndpointSlice, Endpoints, ObjectMeta, Pod, Service } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { candidates, labelsForEndpoints } from "./candidates.ts";
import { isMirrored, mirroredSlices } from "./mirrored-slices.ts";
import { endpointSubsets } from "./plan-endpoints.ts";
import { MAX_ENDPOINTS, planSlices } from "./plan-slices.ts";
import { serviceSlices } from "./service-slices.ts";

const metadata = (name: string, labels = {}): ObjectMeta => ({
	name,
	namespace: "default",
	uid: name,
	resourceVersion: "1",
	creationTimestamp: "2026-01-01T00:00:00Z",
	labels,
});
const service = (spec: Partial<Service["spec"]> = {}): Service => ({
	apiVersion: "v1",
	kind: "Service",
	metadata: metadata("web"),
	spec: {
		selector: { app: "web" },
		clusterIP: "10.96.0.9",
		ports: [{ port: 80, targetPort: "http" }],
		...spec,
	},
});
const pod = (ip: string, { ready = true, port = 8080, going = false } = {}): Pod => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: {
		...metadata(`pod-${ip}`, { app: "web" }),
		...(going ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
	},
	spec: {
		nodeName: "host-1",
		containers: [{ name: "c", image: "i", ports: [{ name: "http", containerPort: port, protocol: "TCP" }] }],
	},
	status: {
		phase: "Running",
		podIP: ip,
		podIPs: [{ ip }],
		conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
	},
});
const noZone = () => undefined;
const wanted = (pods: readonly Pod[] = []) => serviceSlices(service(), candidates(service(), pods), noZone);
const made = (
	content: Pick<EndpointSlice, "endpoints" | "ports"> & { labels: Record<string, string> },
	i: number,
) => ({
	apiVersion: "discovery.k8s.io/v1",
	kind: "EndpointSlice",
	metadata: metadata(`web-${i}`, content.labels),
	addressType: "IPv4",
	endpoints: content.endpoints,
	ports: content.ports,
});

test("subsets part ready from not ready, and pods by their named port", (t) => {
	const all = candidates(service(), [
		pod("10.0.0.10"),
		pod("10.0.0.9"),
		pod("10.0.0.3", { ready: false }),
		pod("10.0.0.4", { port: 9090 }),
		pod("10.0.0.5", { going: true }),
	]);
	const subsets = endpointSubsets(all);
	t.deepEqual(
		subsets.map((subset) => [
			subset.addresses?.map((address) => address.ip),
			subset.notReadyAddresses?.map((address) => address.ip),
			subset.ports?.map((port) => port.port),
		]),
		[
			[["10.0.0.9", "10.0.0.10"], ["10.0.0.3"], [8080]],
			[["10.0.0.4"], undefined, [9090]],
		],
	);
});

test("publishNotReadyAddresses makes every pod ready", (t) => {
	const all = candidates(service({ publishNotReadyAddresses: true }), [pod("10.0.0.3", { ready: false })]);
	t.true(all[0]?.ready);
	t.false(all[0]?.serving);
});

test("a terminating pod is serving while it is still ready", (t) => {
	const [only] = candidates(service(), [pod("10.0.0.5", { going: true })]);
	t.deepEqual([only?.ready, only?.serving, only?.terminating], [false, true, true]);
});

test("a service without pods has one empty slice, and then nothing changes", (t) => {
	const plan = planSlices(wanted(), []);
	t.is(plan.create.length, 1);
	const slices = plan.create.map((content, i) => made({ ...content, labels: { ...content.labels } }, i));
	t.deepEqual(planSlices(wanted(), slices as EndpointSlice[]), { create: [], update: [], remove: [] });
});

test("property: applying a plan gives every endpoint once, in full slices, and a second plan is empty", (t) => {
	const ips = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { maxLength: 350 });
	fc.assert(
		fc.property(ips, ips, (before, after) => {
			const podsOf = (numbers: readonly number[]) =>
				numbers.map((n) => pod(`10.1.${n >> 8}.${n & 255}`, { port: n % 50 === 0 ? 9090 : 8080 }));
			let slices: EndpointSlice[] = [];
			for (const numbers of [before, after]) {
				const plan = planSlices(wanted(podsOf(numbers)), slices);
				const kept = slices.filter((slice) => !plan.remove.includes(slice));
				slices = [
					...kept.map((slice) => {
						const update = plan.update.find((other) => other.slice === slice);
						return update
							? { ...slice, endpoints: update.content.endpoints, ports: update.content.ports }
							: slice;
					}),
					...plan.create.map((content, i) =>
						made({ ...content, labels: { ...content.labels } }, slices.length + i),
					),
				] as EndpointSlice[];
				const addresses = slices.flatMap(
					(slice) => slice.endpoints?.map((endpoint) => endpoint.addresses[0]) ?? [],
				);
				t.is(new Set(addresses).size, addresses.length);
				t.is(addresses.length, numbers.length);
				t.true(slices.every((slice) => (slice.endpoints?.length ?? 0) <= MAX_ENDPOINTS));
				const again = planSlices(wanted(podsOf(numbers)), slices);
				t.deepEqual([again.create.length, again.update.length, again.remove.length], [0, 0, 0]);
			}
		}),
		{ numRuns: 60 },
	);
});

test("endpoints are in their node's zone, and services say who should use them first", (t) => {
	const hintsOf = (trafficDistribution: string | undefined, zone: string | undefined) => {
		const of = service(trafficDistribution ? { trafficDistribution } : {});
		const all = candidates(of, [pod("10.0.0.1"), pod("10.0.0.2", { ready: false })]);
		const [first, second] = serviceSlices(of, all, () => zone).entries.map(({ endpoint }) => endpoint);
		t.is(first?.zone, zone);
		t.is(second?.hints, undefined);
		return first?.hints;
	};
	t.is(hintsOf(undefined, "a"), undefined);
	t.deepEqual(hintsOf("PreferClose", "a"), { forZones: [{ name: "a" }] });
	t.deepEqual(hintsOf("PreferSameZone", "a"), { forZones: [{ name: "a" }] });
	t.is(hintsOf("PreferSameZone", undefined), undefined);
	t.deepEqual(hintsOf("PreferSameNode", undefined), { forNodes: [{ name: "host-1" }] });
	t.deepEqual(hintsOf("PreferSameNode", "a"), { forZones: [{ name: "a" }], forNodes: [{ name: "host-1" }] });
});

const endpoints = (marks: Partial<ObjectMeta> = {}): Endpoints => ({
	apiVersion: "v1",
	kind: "Endpoints",
	metadata: { ...metadata("web", { team: "x" }), ...marks },
	subsets: [
		{
			addresses: [{ ip: "10.1.2.3", hostname: "a", nodeName: "host-1" }, { ip: "fd00::1" }],
			notReadyAddresses: [{ ip: "10.1.2.4" }],
			ports: [{ name: "example", port: 80, protocol: "TCP" }],
		},
		{ addresses: [{ ip: "10.1.2.3" }], ports: [{ port: 81, protocol: "UDP", appProtocol: "dns" }] },
	],
});

test("mirrored slices say what the Endpoints say, each type of address apart", (t) => {
	const mirrored = planSlices(mirroredSlices(endpoints({ annotations: { a: "b" } }), "IPv4"), []);
	const labels = {
		team: "x",
		"kubernetes.io/service-name": "web",
		"endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
	};
	const marks = { labels, annotations: { a: "b" } };
	t.deepEqual(mirrored.create, [
		{
			...marks,
			endpoints: [
				{ addresses: ["10.1.2.3"], conditions: { ready: true }, hostname: "a", nodeName: "host-1" },
				{ addresses: ["10.1.2.4"], conditions: { ready: false } },
			],
			ports: [{ name: "example", port: 80, protocol: "TCP" }],
		},
		{
			...marks,
			endpoints: [{ addresses: ["10.1.2.3"], conditions: { ready: true } }],
			ports: [{ name: "", port: 81, protocol: "UDP", appProtocol: "dns" }],
		},
	]);
	const v6 = planSlices(mirroredSlices(endpoints(), "IPv6"), []);
	t.deepEqual(
		v6.create.map((slice) => slice.endpoints[0]?.addresses),
		[["fd00::1"]],
	);
});

test("Endpoints without addresses are mirrored by no slice; some are never mirrored", (t) => {
	t.deepEqual(planSlices(mirroredSlices({ ...endpoints(), subsets: [] }, "IPv4"), []).create, []);
	t.true(isMirrored(endpoints()));
	t.false(isMirrored(endpoints({ labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } })));
	t.false(isMirrored(endpoints({ annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } })));
});

test("endpoints are labelled headless when their service has no address, whatever its labels say", (t) => {
	const headless = { "service.kubernetes.io/headless": "" };
	const labelled = { ...service(), metadata: metadata("web", { team: "x", ...headless }) };
	t.deepEqual(labelsForEndpoints(labelled), { team: "x" });
	t.deepEqual(labelsForEndpoints(service({ clusterIP: "None" })), headless);
});
