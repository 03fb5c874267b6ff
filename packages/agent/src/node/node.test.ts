import { Lease, Node, silentLogger } from "@berth/api";
import { createClient, createFakeServer } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { kubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { Pressure } from "../pressure/assess.ts";
import { createFakeRuntime } from "../runtime/fake.ts";
import { RuntimeError } from "../runtime/runtime.ts";
import { capacityOf } from "./capacity.ts";
import { keepLease } from "./lease.ts";
import { nodeStatus } from "./node-status.ts";
import { createNodeKeeper } from "./register.ts";

const NAME = "host-1";

function setUp() {
	const clock = createFakeClock();
	const server = createFakeServer({ now: () => clock.now() });
	const client = createClient(server);
	const runtime = createFakeRuntime({ clock, images: ["app:1"] });
	const world: { obstacle?: string; engine?: string; pressures: Set<Pressure>; shuttingDown: boolean } = {
		pressures: new Set(),
		shuttingDown: false,
	};
	const stop = new AbortController();
	const events: string[] = [];
	const keeper = createNodeKeeper({
		client,
		runtime,
		name: NAME,
		addresses: ["10.0.0.1", "host-1.example"],
		port: 10250,
		configuration: kubeletConfiguration(),
		pressures: () => world.pressures,
		shuttingDown: () => world.shuttingDown,
		networkObstacle: async () => world.obstacle,
		engineObstacle: () => world.engine,
		events: { normal: (_, reason) => events.push(reason), warning: () => {} },
		clock,
		log: silentLogger,
	});
	const node = () => server.objects<Node>(Node)[0];
	const ready = () => node()?.status?.conditions?.find(({ type }) => type === "Ready");
	/** Real time: files of the host are read. */
	const until = async (question: () => unknown) => {
		for (let tries = 0; !question() && tries < 500; tries += 1) {
			await clock.advance(1_000);
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
	};
	return { clock, server, client, runtime, world, keeper, stop, events, node, ready, until };
}

const GIBI = 1024 ** 3;
const SIZE = { cpus: 4, memory: 8 * GIBI, disk: 100 * GIBI, hugePages: new Map<string, number>() };

test("what a host offers: all but what pods would be evicted for", (t) => {
	const { capacity, allocatable } = capacityOf(SIZE, kubeletConfiguration(), undefined);
	t.deepEqual(capacity, { cpu: "4", pods: "110", memory: "8388608Ki", "ephemeral-storage": "104857600Ki" });
	t.like(allocatable, {
		cpu: "4",
		memory: "8286208Ki",
		"ephemeral-storage": `${90 * GIBI}`,
	});
});

test("pods are counted by processors where that is less, and images told of as many as wanted", async (t) => {
	const identity = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration" };
	const podsFor = (fields: object) =>
		capacityOf(SIZE, kubeletConfiguration({ ...identity, ...fields }), undefined).allocatable.pods;
	t.is(podsFor({ podsPerCore: 10 }), "40");
	t.is(podsFor({ podsPerCore: 10, maxPods: 30 }), "30");
	const { images } = nodeStatus(
		{
			name: NAME,
			addresses: [],
			port: 1,
			info: await createFakeRuntime({ clock: createFakeClock() }).info(),
			ids: { machineID: "", systemUUID: "", bootID: "" },
			size: SIZE,
			configuration: kubeletConfiguration({ ...identity, nodeStatusMaxImages: 2 }),
			pressures: new Set(),
			images: ["a:1", "b:1", "c:1"].map((tag) => ({ id: tag, digests: [], tags: [tag], size: 1, user: "" })),
			obstacles: [],
			now: 0,
		},
		undefined,
	);
	t.is(images?.length, 2);
});

test("what is kept back, huge pages, and what others have added", (t) => {
	const configuration = kubeletConfiguration({
		apiVersion: "kubelet.config.k8s.io/v1beta1",
		kind: "KubeletConfiguration",
		maxPods: 20,
		kubeReserved: { cpu: "100m", memory: "1Gi" },
		systemReserved: { cpu: "150m" },
		evictionHard: {},
	});
	const known = { status: { capacity: { "example.com/gpu": "2", cpu: "9" } } } as unknown as Node;
	const { capacity, allocatable } = capacityOf(
		{ ...SIZE, hugePages: new Map([["2Mi", GIBI]]) },
		configuration,
		known,
	);
	t.deepEqual(allocatable, {
		cpu: "3750m",
		pods: "20",
		memory: `${6 * 1024 * 1024}Ki`,
		"ephemeral-storage": `${100 * GIBI}`,
		"hugepages-2Mi": "1Gi",
		"example.com/gpu": "2",
	});
	t.like(capacity, { cpu: "4", "example.com/gpu": "2", "hugepages-2Mi": "1Gi" });
});

test("a host registers itself, and tells of itself", async (t) => {
	const { keeper, stop, node, ready, until } = setUp();
	const running = keeper.run(stop.signal);
	await until(ready);
	t.like(node()?.metadata.labels, {
		"kubernetes.io/hostname": NAME,
		"kubernetes.io/os": "linux",
		"kubernetes.io/arch": "amd64",
	});
	t.like(ready(), { status: "True", reason: "KubeletReady" });
	t.deepEqual(node()?.status?.addresses, [
		{ type: "InternalIP", address: "10.0.0.1" },
		{ type: "InternalDNS", address: "host-1.example" },
		{ type: "Hostname", address: NAME },
	]);
	t.is(node()?.status?.daemonEndpoints?.kubeletEndpoint?.Port, 10250);
	t.is(node()?.status?.nodeInfo?.containerRuntimeVersion, "docker://0.0.0");
	t.deepEqual(
		node()?.status?.runtimeHandlers?.map(({ name, features }) => [name, features?.recursiveReadOnlyMounts]),
		[
			["", false],
			["runc", false],
		],
	);
	t.deepEqual(node()?.status?.images, [{ names: ["app:1"], sizeBytes: 1_000 }]);
	stop.abort();
	await running;
});

test("not ready says why and what to do, and is over when the reason is", async (t) => {
	const { keeper, stop, ready, world, until, runtime, events } = setUp();
	world.obstacle = "CNI plugins are missing: bridge";
	const running = keeper.run(stop.signal);
	await until(ready);
	t.like(ready(), { status: "False", reason: "KubeletNotReady" });
	t.regex(ready()?.message ?? "", /NetworkPluginNotReady message:CNI plugins are missing: bridge/);
	delete world.obstacle;
	await until(() => ready()?.status === "True");
	t.is(ready()?.status, "True");
	runtime.failNext("ping", new RuntimeError("unreachable", "Docker does not answer"), 3);
	await until(() => ready()?.status === "False");
	t.regex(ready()?.message ?? "", /container runtime is down: Docker does not answer\. Start it/);
	await until(() => ready()?.status === "True");
	t.is(ready()?.status, "True");
	t.deepEqual(events, ["NodeReady", "NodeNotReady", "NodeReady"]);
	world.engine = "PLEG is not healthy";
	await until(() => ready()?.status === "False");
	t.is(ready()?.message, "PLEG is not healthy");
	stop.abort();
	await running;
});

test("pressure is told as a condition", async (t) => {
	const { keeper, stop, node, ready, world, until } = setUp();
	const running = keeper.run(stop.signal);
	await until(ready);
	const memory = () => node()?.status?.conditions?.find(({ type }) => type === "MemoryPressure");
	t.like(memory(), { status: "False", reason: "KubeletHasSufficientMemory" });
	world.pressures.add("MemoryPressure");
	keeper.look();
	await until(() => memory()?.status === "True");
	t.like(memory(), { reason: "KubeletHasInsufficientMemory" });
	stop.abort();
	await running;
});

test("what does not change is not written, but for a heartbeat now and then", async (t) => {
	const { keeper, stop, ready, until, server, clock } = setUp();
	const running = keeper.run(stop.signal);
	await until(ready);
	const writes = () => server.calls.filter(({ method }) => method === "PATCH").length;
	const begun = clock.now();
	const before = writes();
	await until(() => clock.now() - begun > 200_000);
	t.is(writes(), before);
	await until(() => writes() > before);
	t.is(writes(), before + 1);
	stop.abort();
	await running;
});

test("a node that somebody deletes comes back", async (t) => {
	const { keeper, stop, ready, node, until, client } = setUp();
	const running = keeper.run(stop.signal);
	await until(ready);
	const first = node()?.metadata.uid;
	await client.delete(Node, { name: NAME });
	await until(() => ready() && node()?.metadata.uid !== first);
	t.not(node()?.metadata.uid, first);
	stop.abort();
	await running;
});

test("a lease is renewed every ten seconds, whatever happens to it", async (t) => {
	const { clock, client, server, stop } = setUp();
	server.failNext(new Error("no route"), { times: 2 });
	let registered: Node | undefined;
	const running = keepLease(
		{ client, name: NAME, node: () => registered, duration: 40, clock, log: silentLogger },
		stop.signal,
	);
	const lease = () => server.objects<Lease>(Lease)[0];
	await clock.until(() => lease() !== undefined);
	t.is(lease()?.metadata.ownerReferences, undefined, "nobody can own it yet");
	registered = await client.create(Node, { metadata: { name: NAME }, spec: {} });
	t.like(lease()?.spec, { holderIdentity: NAME, leaseDurationSeconds: 40 });
	const first = lease()?.spec.renewTime;
	await clock.advance(10_000);
	const second = lease()?.spec.renewTime;
	t.not(second, first);
	t.deepEqual(lease()?.metadata.ownerReferences, [
		{ apiVersion: "v1", kind: "Node", name: NAME, uid: registered.metadata.uid },
	]);
	await client.patch(
		Lease,
		{ namespace: "kube-node-lease", name: NAME },
		{ metadata: { labels: { a: "b" } } },
		{ type: "merge" },
	);
	await clock.advance(12_000);
	t.not(lease()?.spec.renewTime, second);
	await client.delete(Lease, { namespace: "kube-node-lease", name: NAME });
	await clock.advance(22_000);
	t.truthy(lease());
	stop.abort();
	await running;
});
