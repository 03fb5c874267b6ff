import {
	IPAddress,
	type KubeObject,
	Service,
	ServiceCIDR,
	silentLogger,
	systemClock,
	type Transport,
} from "@berth/api";
import test from "ava";
import { openRegistry, type TestRegistry, watchOf } from "../testing/open-registry.ts";
import { addressBook } from "./address-book.ts";
import { keepAddresses } from "./keep-addresses.ts";
import { FINALIZER, planRange } from "./plan-range.ts";

const OWN = "10.96.0.0/16";
const make = (api: TestRegistry, name: string, spec: object = {}) =>
	api.value<Service>("create", Service, {
		body: { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } },
	});
const addRange = (api: TestRegistry, name: string, ...cidrs: string[]) =>
	api.value<ServiceCIDR>("create", ServiceCIDR, { body: { metadata: { name }, spec: { cidrs } } });
const range = (api: TestRegistry, name: string) => api.value<ServiceCIDR>("get", ServiceCIDR, { name });

/** The in-process front door in short. */
const transportOf = (api: TestRegistry) =>
	({
		call: ({ method, path, body }: { method: string; path: string; body: KubeObject }) =>
			api.value(method === "POST" ? "create" : "update", ServiceCIDR, {
				...(method === "POST" ? {} : { name: body.metadata.name }),
				...(path.endsWith("/status") ? { subresource: "status" } : {}),
				body,
			}),
	}) as unknown as Transport;

const keep = (api: TestRegistry, book = addressBook(api.objects, Date.now)) =>
	keepAddresses({
		objects: api.objects,
		book,
		own: OWN,
		transport: transportOf(api),
		clock: systemClock,
		log: silentLogger,
	});

/** Resolves as soon as `isSo`; looked at after every change of the kind. */
async function until(api: TestRegistry, kind: typeof IPAddress | typeof ServiceCIDR, isSo: () => boolean) {
	while (!isSo()) {
		const watch = watchOf(await api.ask("watch", kind, { query: { resourceVersion: "0" } }));
		await using open = watch;
		for await (const _batch of open.events) if (isSo()) return;
	}
}
const addresses = (api: TestRegistry) => api.objects.of<IPAddress>(IPAddress);

test("addresses are objects that name their service", async (t) => {
	await using api = await openRegistry();
	const { spec } = await make(api, "a");
	const address = await api.value<IPAddress>("get", IPAddress, { name: spec.clusterIP ?? "" });
	t.deepEqual(address.spec.parentRef, { group: "", resource: "services", namespace: "default", name: "a" });
	t.deepEqual(address.metadata.labels, {
		"ipaddress.kubernetes.io/ip-family": "IPv4",
		"ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
	});
	await api.ask("create", IPAddress, {
		body: {
			metadata: { name: "10.96.9.9" },
			spec: { parentRef: { resource: "gateways", group: "example.com", name: "g" } },
		},
	});
	const taken = await api.failure("create", Service, {
		body: { metadata: { name: "b" }, spec: { clusterIP: "10.96.9.9", ports: [{ port: 80 }] } },
	});
	t.regex(taken.message, /provided IP is already allocated/);
	t.is((await api.failure("get", Service, { name: "b" })).code, 404);
});

test("a create that comes to nothing leaves no address behind", async (t) => {
	await using api = await openRegistry();
	await make(api, "a");
	const before = addresses(api).list().length;
	await Promise.allSettled(Array.from({ length: 8 }, () => make(api, "a")));
	t.is(addresses(api).list().length, before);
});

test("of many services made at once each has an address of its own, and an object for it", async (t) => {
	await using api = await openRegistry();
	const made = await Promise.all(Array.from({ length: 60 }, (_, index) => make(api, `s${index}`)));
	const given = made.map(({ spec }) => spec.clusterIP ?? "");
	t.is(new Set(given).size, given.length);
	t.deepEqual(
		addresses(api)
			.list()
			.map(({ key }) => key),
		given.toSorted(),
	);
});

test("ranges come and go while the server runs; one in use stays until its addresses are free", async (t) => {
	await using api = await openRegistry();
	await using _keeper = await keep(api);
	await until(api, ServiceCIDR, () => isReady(api, "kubernetes"));
	t.deepEqual((await range(api, "kubernetes")).metadata.finalizers, [FINALIZER]);
	const wanted = { clusterIP: "10.200.0.5" };
	const early = await api.failure("create", Service, {
		body: { metadata: { name: "x" }, spec: { ...wanted, ports: [{ port: 80 }] } },
	});
	t.regex(early.message, /not in the valid range. The range of valid IPs is 10.96.0.0\/16/);
	await addRange(api, "more", "10.200.0.0/24");
	t.is((await make(api, "x", wanted)).spec.clusterIP, "10.200.0.5");
	await until(api, ServiceCIDR, () => isReady(api, "more"));
	await api.ask("delete", ServiceCIDR, { name: "more" });
	await until(api, ServiceCIDR, () => !isReady(api, "more"));
	t.is((await range(api, "more")).status?.conditions?.[0]?.reason, "Terminating");
	const late = await api.failure("create", Service, {
		body: { metadata: { name: "y" }, spec: { clusterIP: "10.200.0.6", ports: [{ port: 80 }] } },
	});
	t.is(late.code, 422);
	await api.ask("delete", Service, { name: "x" });
	await until(api, ServiceCIDR, () => !api.objects.of(ServiceCIDR).get("more"));
	t.is(addresses(api).get("10.200.0.5"), undefined);
});

const isReady = (api: TestRegistry, name: string) =>
	api.objects.of<ServiceCIDR>(ServiceCIDR).get(name)?.object.status?.conditions?.[0]?.status === "True";

test("two families: what services may ask for, keep and let go", async (t) => {
	await using api = await openRegistry();
	await addRange(api, "six", "fd00:10:96::/112");
	const single = await make(api, "single");
	t.deepEqual(single.spec.ipFamilies, ["IPv4"]);
	const both = await make(api, "both", { ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv6"] });
	t.deepEqual(both.spec.ipFamilies, ["IPv6", "IPv4"]);
	const [six = "", four = ""] = both.spec.clusterIPs ?? [];
	t.true(six.startsWith("fd00:10:96::"));
	t.true(four.startsWith("10.96."));
	t.is(addresses(api).get(six)?.object.metadata.labels?.["ipaddress.kubernetes.io/ip-family"], "IPv6");
	const six1 = await make(api, "six", { clusterIP: "fd00:10:96::9" });
	t.deepEqual([six1.spec.ipFamilies, six1.spec.ipFamilyPolicy], [["IPv6"], "SingleStack"]);
	const patch = (name: string, spec: object) =>
		api.value<Service>("patch", Service, {
			name,
			contentType: "application/merge-patch+json",
			body: { spec },
		});
	const grown = await patch("single", { ipFamilyPolicy: "PreferDualStack" });
	t.is(grown.spec.clusterIPs?.[0], single.spec.clusterIP);
	t.deepEqual([grown.spec.clusterIPs?.length, grown.spec.ipFamilies], [2, ["IPv4", "IPv6"]]);
	const shrunk = await patch("single", { ipFamilyPolicy: "SingleStack" });
	t.deepEqual([shrunk.spec.clusterIPs, shrunk.spec.ipFamilies], [[single.spec.clusterIP], ["IPv4"]]);
	const wrong = await api.failure("create", Service, {
		body: {
			metadata: { name: "w" },
			spec: { clusterIP: "10.96.0.9", ipFamilies: ["IPv6"], ports: [{ port: 80 }] },
		},
	});
	t.regex(wrong.message, /expected an IPv6 value as indicated by `ipFamilies\[0\]`/);
});

test("what a crash left is put right at the next start", async (t) => {
	await using api = await openRegistry();
	const a = await make(api, "a");
	const b = await make(api, "b");
	const [ipA = "", ipB = ""] = [a.spec.clusterIP, b.spec.clusterIP];
	// A service whose object was never written, and an object whose service never was.
	await api.objects.remove(IPAddress, ipA, addresses(api).get(ipA)?.revision ?? 0);
	await api.objects.remove(Service, "default/b", Number(b.metadata.resourceVersion));
	await using _keeper = await keep(api);
	t.is(addresses(api).get(ipA)?.object.spec.parentRef?.name, "a");
	t.is(addresses(api).get(ipB), undefined);
	await api.ask("delete", IPAddress, { name: ipA });
	await until(api, IPAddress, () => addresses(api).get(ipA) !== undefined);
	await api.ask("delete", Service, { name: "a" });
	await until(api, IPAddress, () => addresses(api).get(ipA) === undefined);
	t.pass();
});

test("a range that another one covers is not held", (t) => {
	const cidr = (name: string, text: string, deleting = false): ServiceCIDR => ({
		apiVersion: ServiceCIDR.apiVersion,
		kind: ServiceCIDR.kind,
		metadata: {
			name,
			uid: name,
			resourceVersion: "1",
			creationTimestamp: "2026-01-02T03:04:05Z",
			finalizers: [FINALIZER],
			...(deleting ? { deletionTimestamp: "2026-01-02T03:04:05Z" } : {}),
		},
		spec: { cidrs: [text] },
	});
	const plan = (others: readonly ServiceCIDR[]) =>
		planRange({
			cidr: cidr("small", "10.0.0.0/24", true),
			others,
			addresses: () => ["10.0.0.7", "10.9.0.1"],
			now: 0,
		});
	t.deepEqual(plan([]).metadata.finalizers, [FINALIZER]);
	t.deepEqual(plan([cidr("large", "10.0.0.0/16")]).metadata.finalizers, []);
	t.deepEqual(plan([cidr("large", "10.0.0.0/16", true)]).metadata.finalizers, [FINALIZER]);
	const settled = planRange({ cidr: cidr("own", OWN), others: [], addresses: () => [], now: 0 });
	t.is(planRange({ cidr: settled, others: [], addresses: () => [], now: 9 }), settled);
});
