import { EndpointSlice, Endpoints, Namespace, Service, silentLogger, systemClock } from "@berth/api";
import test from "ava";
import { inProcessTransport } from "../http/in-process.ts";
import { bootstrapObjects, kubernetesService, mend, systemNamespaces } from "./bootstrap.ts";
import { ADMIN, openRegistry, type TestRegistry } from "./testing/open-registry.ts";

const at = { address: "192.0.2.7", port: 6443, serviceAddress: "10.96.0.1" };

function start(api: TestRegistry, options = at) {
	const { registry, authorizer, objects } = api;
	const transport = inProcessTransport({
		registry,
		authorizer,
		user: ADMIN,
		stopping: new AbortController().signal,
	});
	const wanted = [...systemNamespaces(), ...kubernetesService(options)];
	return bootstrapObjects({ wanted, transport, objects, clock: systemClock, log: silentLogger });
}

const kubernetes = { namespace: "default", name: "kubernetes" };

/** Waits until the condition holds, which takes a turn or two of the loop. */
async function eventually(condition: () => boolean): Promise<void> {
	for (let i = 0; i < 500 && !condition(); i += 1) await new Promise((resolve) => setTimeout(resolve, 2));
	if (!condition()) throw new Error("it never came true");
}

test("a cluster starts with its namespaces and the way to the API server", async (t) => {
	await using api = await openRegistry({ namespaces: [] });
	await using _kept = await start(api);
	t.deepEqual(await api.names(Namespace), ["default", "kube-node-lease", "kube-public", "kube-system"]);
	const service = await api.value<Service>("get", Service, kubernetes);
	t.deepEqual(service.spec.clusterIPs, ["10.96.0.1"]);
	t.deepEqual(service.spec.ports, [{ name: "https", protocol: "TCP", port: 443, targetPort: 6443 }]);
	t.deepEqual(service.metadata.labels, { component: "apiserver", provider: "kubernetes" });
	const endpoints = await api.value<Endpoints>("get", Endpoints, kubernetes);
	t.deepEqual(endpoints.subsets, [
		{ addresses: [{ ip: "192.0.2.7" }], ports: [{ name: "https", port: 6443, protocol: "TCP" }] },
	]);
	const slice = await api.value<EndpointSlice>("get", EndpointSlice, kubernetes);
	t.deepEqual(slice.endpoints, [{ addresses: ["192.0.2.7"], conditions: { ready: true } }]);
	t.is(slice.metadata.labels?.["kubernetes.io/service-name"], "kubernetes");
});

test("starting again writes nothing; a new address is taken over", async (t) => {
	await using api = await openRegistry({ namespaces: [] });
	await (await start(api))[Symbol.asyncDispose]();
	const before = api.objects.revision;
	await (await start(api))[Symbol.asyncDispose]();
	t.is(api.objects.revision, before);
	await using _kept = await start(api, { ...at, address: "192.0.2.8", port: 7443 });
	const endpoints = await api.value<Endpoints>("get", Endpoints, kubernetes);
	t.is(endpoints.subsets?.[0]?.addresses?.[0]?.ip, "192.0.2.8");
	const service = await api.value<Service>("get", Service, kubernetes);
	t.is(service.spec.ports?.[0]?.targetPort, 7443);
});

test("what somebody deletes or bends comes back", async (t) => {
	await using api = await openRegistry({ namespaces: [] });
	await using _kept = await start(api);
	const first = api.objects.of(Service).get("default/kubernetes");
	await api.ask("delete", Service, kubernetes);
	await eventually(() => {
		const now = api.objects.of(Service).get("default/kubernetes");
		return now !== undefined && now.object.metadata.uid !== first?.object.metadata.uid;
	});
	await api.ask("patch", EndpointSlice, {
		...kubernetes,
		contentType: "application/merge-patch+json",
		body: { endpoints: [], metadata: { labels: { mine: "stays" } } },
	});
	const slice = () => api.objects.of<EndpointSlice>(EndpointSlice).get("default/kubernetes")?.object;
	await eventually(() => slice()?.endpoints?.length === 1);
	t.is(slice()?.metadata.labels?.mine, "stays");
});

test("a server that only its host can reach has no endpoints", async (t) => {
	await using api = await openRegistry({ namespaces: [] });
	await using _kept = await start(api, { ...at, address: "127.0.0.1" });
	t.falsy((await api.value<Endpoints>("get", Endpoints, kubernetes)).subsets?.length);
});

test("mending merges objects and replaces lists", (t) => {
	t.deepEqual(mend({ a: { x: 1, y: 2 }, l: [1, 2], z: 0 }, { a: { y: 3 }, l: [] }), {
		a: { x: 1, y: 3 },
		l: [],
		z: 0,
	});
});
