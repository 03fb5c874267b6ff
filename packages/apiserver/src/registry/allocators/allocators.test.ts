import { parseIp, Service, type ServiceSpec } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { openRegistry, type TestRegistry } from "../testing/open-registry.ts";
import { addressRange } from "./address-range.ts";
import { addressBand, pick, portBand } from "./pick.ts";

const MERGE = "application/merge-patch+json";
const ports = [{ port: 80 }];
const make = (api: TestRegistry, name: string, spec: object = {}, query: Record<string, string> = {}) =>
	api.value<Service>("create", Service, { query, body: { metadata: { name }, spec: { ports, ...spec } } });
const refusal = async (api: TestRegistry, name: string, spec: object) =>
	(await api.failure("create", Service, { body: { metadata: { name }, spec: { ports, ...spec } } })).message;
const patch = (api: TestRegistry, name: string, spec: object) =>
	api.value<Service>("patch", Service, { name, contentType: MERGE, body: { spec } });

test("a range gives out all addresses but the first and the last", (t) => {
	const range = addressRange("10.96.0.0/16")!;
	t.is(range.size, 65534);
	t.is(range.addressAt(0), "10.96.0.1");
	t.is(range.addressAt(range.size - 1), "10.96.255.254");
	t.true(range.contains("10.96.1.0"));
	for (const text of [
		"10.96.0.0",
		"10.96.255.255",
		"10.97.0.1",
		"10.096.0.1",
		"x",
		"",
		"1.2.3",
		"::1",
		"10.96.0.1 ",
	]) {
		t.false(range.contains(text), text);
	}
	for (const text of ["10.96.0.0", "10.96.0.0/x", "10.96.0.0/33", ""])
		t.is(addressRange(text), undefined, text);
	const wide = addressRange("fd00:1::/108")!;
	t.deepEqual(
		[wide.size, wide.addressAt(0), wide.addressAt(65535)],
		[2 ** 20 - 1, "fd00:1::1", "fd00:1::1:0"],
	);
	t.is(addressRange("fd00::/64")?.size, 2 ** 48);
	t.is(addressRange("10.0.0.1/32")?.addressAt(0), "10.0.0.1");
	t.deepEqual([addressBand(65534), addressBand(254), addressBand(14), portBand(2768)], [256, 16, 0, 86]);
});

test("property: nothing is picked twice, and everything is picked before it is full", (t) => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(20), fc.integer(), (size, band, seed) => {
			let state = seed >>> 0;
			const random = () => {
				state = (state * 1664525 + 1013904223) >>> 0;
				return state / 2 ** 32;
			};
			const taken = new Set<number>();
			const pool = { size, band: Math.min(band, size), random, isTaken: (index: number) => taken.has(index) };
			for (let i = 0; i < size; i += 1) {
				const index = pick(pool)!;
				if (taken.has(index) || index < 0 || index >= size) return false;
				// The static band is for those who choose, until there is nothing else.
				if (index < pool.band && taken.size < size - pool.band) return false;
				taken.add(index);
			}
			return pick(pool) === undefined;
		}),
	);
	t.pass();
});

test("a service gets an address outside the static band, and its families", async (t) => {
	await using api = await openRegistry();
	const { spec } = await make(api, "a");
	t.true((parseIp(spec.clusterIP ?? "")?.value ?? 0n) > parseIp("10.96.1.0")!.value);
	t.deepEqual(spec.clusterIPs, [spec.clusterIP]);
	t.deepEqual([spec.ipFamilies, spec.ipFamilyPolicy], [["IPv4"], "SingleStack"]);
	const headless = await make(api, "h", { clusterIP: "None", selector: { a: "b" } });
	t.deepEqual([headless.spec.clusterIP, headless.spec.clusterIPs], ["None", ["None"]]);
	t.deepEqual(headless.spec.ipFamilies, ["IPv4"]);
	const selectorless = await make(api, "s", { clusterIP: "None" });
	t.deepEqual(selectorless.spec.ipFamilies, ["IPv4", "IPv6"]);
	t.is(selectorless.spec.ipFamilyPolicy, "RequireDualStack");
	const named = await make(api, "n", { type: "ExternalName", externalName: "example.com" });
	t.deepEqual(
		[named.spec.clusterIP, named.spec.clusterIPs, named.spec.ipFamilies],
		[undefined, undefined, undefined],
	);
});

test("chosen addresses: free, taken, outside, or no addresses", async (t) => {
	await using api = await openRegistry();
	t.is((await make(api, "dns", { clusterIP: "10.96.0.10" })).spec.clusterIP, "10.96.0.10");
	const failed = (value: string, reason: string) =>
		`Service "x" is invalid: spec.clusterIPs: Invalid value: ["${value}"]: failed to allocate IP ${value}: ${reason}`;
	t.is(
		await refusal(api, "x", { clusterIP: "10.96.0.10" }),
		failed("10.96.0.10", "provided IP is already allocated"),
	);
	t.is(
		await refusal(api, "x", { clusterIP: "10.1.2.3" }),
		failed(
			"10.1.2.3",
			"the provided IP (10.1.2.3) is not in the valid range. The range of valid IPs is 10.96.0.0/16",
		),
	);
	t.regex(
		await refusal(api, "x", { clusterIP: "nope" }),
		/spec.clusterIPs\[0\]: Invalid value: "nope": must be a valid IP/,
	);
	t.regex(await refusal(api, "x", { clusterIP: "fd00::1" }), /IPv6 is not configured on this cluster/);
	t.regex(
		await refusal(api, "x", { ipFamilies: ["IPv6"] }),
		/spec.ipFamilies\[0\]: Invalid value: "IPv6": not configured on this cluster/,
	);
	t.regex(
		await refusal(api, "x", { ipFamilyPolicy: "RequireDualStack" }),
		/this cluster is not configured for dual-stack services/,
	);
	t.regex(
		await refusal(api, "x", { clusterIP: "10.96.0.11", clusterIPs: ["10.96.0.12"] }),
		/first value must match `clusterIP`/,
	);
	await api.ask("delete", Service, { name: "dns" });
	t.is((await make(api, "dns2", { clusterIP: "10.96.0.10" })).spec.clusterIP, "10.96.0.10");
});

test("node ports: given out, chosen, shared between protocols, refused", async (t) => {
	await using api = await openRegistry();
	const first = await make(api, "a", { type: "NodePort" });
	const given = first.spec.ports?.[0]?.nodePort ?? 0;
	t.true(given >= 30086 && given <= 32767);
	const chosen = await make(api, "b", {
		type: "NodePort",
		ports: [
			{ name: "t", port: 53, protocol: "TCP", nodePort: 30053 },
			{ name: "u", port: 53, protocol: "UDP" },
		],
	});
	t.deepEqual(
		chosen.spec.ports?.map((port) => port.nodePort),
		[30053, 30053],
	);
	const invalid = 'Service "x" is invalid: spec.ports[0].nodePort: Invalid value: ';
	t.is(
		await refusal(api, "x", { type: "NodePort", ports: [{ port: 80, nodePort: 30053 }] }),
		`${invalid}30053: provided port is already allocated`,
	);
	t.is(
		await refusal(api, "x", { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] }),
		`${invalid}80: provided port is not in the valid range. The range of valid ports is 30000-32767`,
	);
	const balanced = await make(api, "lb", { type: "LoadBalancer", externalTrafficPolicy: "Local" });
	t.truthy(balanced.spec.healthCheckNodePort);
	t.truthy(balanced.spec.ports?.[0]?.nodePort);
	const bare = await make(api, "lb2", { type: "LoadBalancer", allocateLoadBalancerNodePorts: false });
	t.is(bare.spec.ports?.[0]?.nodePort, undefined);
});

test("an update keeps what was allocated; a new type lets it go", async (t) => {
	await using api = await openRegistry();
	const first = await make(api, "a", { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] });
	const { clusterIP } = first.spec;
	const put = await api.value<Service>("update", Service, {
		name: "a",
		body: { metadata: { name: "a" }, spec: { type: "NodePort", ports: [{ port: 8080 }] } },
	});
	t.deepEqual([put.spec.clusterIP, put.spec.ports?.[0]?.nodePort], [clusterIP, 30080]);
	const inner = await patch(api, "a", { type: "ClusterIP" });
	t.deepEqual([inner.spec.clusterIP, inner.spec.ports?.[0]?.nodePort], [clusterIP, undefined]);
	t.is(
		(await make(api, "b", { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] })).spec.type,
		"NodePort",
	);
	const named = await patch(api, "a", { type: "ExternalName", externalName: "example.com" });
	t.deepEqual(
		[named.spec.clusterIP, named.spec.clusterIPs, named.spec.ipFamilies],
		[undefined, undefined, undefined],
	);
	t.is((await make(api, "c", { clusterIP })).spec.clusterIP, clusterIP);
	const back = await patch(api, "a", { type: "ClusterIP", externalName: null });
	t.true(![undefined, "", clusterIP].includes(back.spec.clusterIP));
});

test("dry runs and failed creates keep nothing", async (t) => {
	await using api = await openRegistry();
	await make(api, "dry", { clusterIP: "10.96.0.20" }, { dryRun: "All" });
	await refusal(api, "NOT A NAME", { clusterIP: "10.96.0.20" });
	t.is((await make(api, "a", { clusterIP: "10.96.0.20" })).spec.clusterIP, "10.96.0.20");
});

test("of many who want the same at once, one gets it", async (t) => {
	await using api = await openRegistry();
	const spec = { type: "NodePort", clusterIP: "10.96.0.30", ports: [{ port: 80, nodePort: 30099 }] };
	const results = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => make(api, `s${i}`, spec)));
	t.is(results.filter(({ status }) => status === "fulfilled").length, 1);
});

type Step = { readonly name: string; readonly type: string; readonly port: number; readonly remove: boolean };

test("property: no address and no port is ever held twice, after a restart either", async (t) => {
	const reachable = ["NodePort", "LoadBalancer"];
	const step: fc.Arbitrary<Step> = fc.record({
		name: fc.constantFrom("a", "b", "c", "d"),
		type: fc.constantFrom("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
		port: fc.constantFrom(0, 0, 30100, 30101),
		remove: fc.boolean(),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
			await using api = await openRegistry({ random: () => 0 });
			const run = async ({ name, type, port, remove }: Step) => {
				const spec = {
					type,
					ports: [{ port: 80, ...(port && reachable.includes(type) ? { nodePort: port } : {}) }],
					externalName: "x.io",
				};
				if (remove) await api.ask("delete", Service, { name }).catch(() => {});
				else if (await make(api, name, spec).catch(() => undefined)) return;
				else await patch(api, name, spec).catch(() => {});
			};
			for (const pair of chunks(steps)) {
				await Promise.all(pair.map(run));
				checkUnique(
					api.objects
						.of<Service>(Service)
						.list()
						.map(({ object }) => object.spec),
				);
			}
			await using again = await openRegistry({ store: api.store, random: () => 0, namespaces: [] });
			await make(again, "after-restart", { type: "NodePort" });
			checkUnique(
				again.objects
					.of<Service>(Service)
					.list()
					.map(({ object }) => object.spec),
			);
		}),
		{ numRuns: 30 },
	);
	t.pass();
});

const chunks = (steps: readonly Step[]) =>
	Array.from({ length: Math.ceil(steps.length / 3) }, (_, i) => steps.slice(i * 3, i * 3 + 3));

function checkUnique(specs: readonly ServiceSpec[]): void {
	const held = specs.flatMap((spec) => [
		...(spec.clusterIPs ?? []),
		...new Set((spec.ports ?? []).map((port) => port.nodePort).filter(Boolean)),
		...(spec.healthCheckNodePort ? [spec.healthCheckNodePort] : []),
	]);
	if (new Set(held).size !== held.length) throw new Error(`held twice: ${held.join(" ")}`);
	const naked = specs.find((spec) => spec.type !== "ExternalName" && !spec.clusterIP);
	if (naked) throw new Error(`without an address: ${JSON.stringify(naked)}`);
}
