import {
	conflict,
	Event,
	isPodReady,
	keyOf,
	Namespace,
	Node,
	notFound,
	PersistentVolume,
	PersistentVolumeClaim,
	Pod,
	podCondition,
	StorageClass,
	silentLogger,
} from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { createEventRecorder } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import { aNamespace, aNode, aPod, seeded } from "./objects.fixture.ts";
import { runScheduler } from "./run-scheduler.ts";

function setUp(t: ExecutionContext) {
	const server = createFakeServer();
	const client = createClient(server);
	const clock = createFakeClock();
	const log = silentLogger;
	const informers = createInformers({ client, clock, log, random: () => 0.5 });
	const events = createEventRecorder({ client, clock, log, component: "default-scheduler" });
	const stop = new AbortController();
	const start = async () => {
		const scheduler = runScheduler({ client, informers, events, clock, log, random: seeded(1) }, stop.signal);
		const running = informers.start(stop.signal);
		t.teardown(async () => {
			stop.abort();
			await Promise.all([scheduler, running]);
			if (clock.pending > 0) throw new Error("a timer is left");
		});
		await clock.advance(0);
	};
	const pod = (name: string) => server.objects<Pod>(Pod).find(({ metadata }) => metadata.name === name);
	const addNode = async (node: Node) => {
		const { status, ...rest } = node;
		const made = await client.create(Node, rest as Node);
		return client.updateStatus(Node, { ...made, status });
	};
	const settle = () => clock.advance(0);
	const eventsOf = () => server.objects<Event>(Event);
	return { server, client, clock, start, pod, addNode, settle, eventsOf };
}

test("binds waiting pods, says so, and never twice", async (t) => {
	const { server, client, start, pod, addNode, settle, eventsOf } = setUp(t);
	await client.create(Namespace, aNamespace("default"));
	await addNode(aNode("a"));
	await client.create(Pod, aPod("early"));
	await start();
	await client.create(Pod, aPod("late"));
	await settle();
	t.is(pod("early")?.spec.nodeName, "a");
	t.is(pod("late")?.spec.nodeName, "a");
	t.is(server.calls.filter(({ path }) => path.endsWith("/binding")).length, 2);
	t.like(eventsOf()[0], {
		type: "Normal",
		reason: "Scheduled",
		message: "Successfully assigned default/early to a",
		source: { component: "default-scheduler" },
		involvedObject: { kind: "Pod", name: "early" },
	});
	t.false(isPodReady(pod("late") as Pod));
});

test("a pod without a node says why, and gets one when there is room", async (t) => {
	const { server, client, clock, start, pod, addNode, settle, eventsOf } = setUp(t);
	const node = await addNode(aNode("a", { cpu: "1" }));
	await start();
	await client.create(Pod, aPod("big", { requests: { cpu: "2" } }));
	await settle();
	const message =
		"0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, " +
		"preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
	t.like(podCondition(pod("big") as Pod, "PodScheduled"), {
		status: "False",
		reason: "Unschedulable",
		message,
	});
	t.like(eventsOf()[0], { type: "Warning", reason: "FailedScheduling", message });

	const before = server.calls.length;
	await client.updateStatus(Node, {
		...node,
		status: { ...node.status, conditions: [{ type: "Ready", status: "True" }] },
	});
	await clock.advance(60_000);
	t.is(server.calls.length, before + 1, "a heartbeat wakes nobody");

	await addNode(aNode("b", { cpu: "2" }));
	await settle();
	t.is(pod("big")?.spec.nodeName, "b");
	t.is(podCondition(pod("big") as Pod, "PodScheduled")?.status, "True");
});

test("a pod that goes makes room for one that waits; no room is given away twice meanwhile", async (t) => {
	const { client, clock, start, pod, addNode, settle } = setUp(t);
	await addNode(aNode("a", { cpu: "1" }));
	await start();
	for (const name of ["one", "two", "three"])
		await client.create(Pod, aPod(name, { requests: { cpu: "600m" } }));
	await settle();
	t.deepEqual(
		["one", "two", "three"].map((name) => pod(name)?.spec.nodeName),
		["a", undefined, undefined],
	);
	await client.delete(Pod, { namespace: "default", name: "one" });
	await clock.advance(2_000);
	t.is([pod("two"), pod("three")].filter((each) => each?.spec.nodeName).length, 1);
});

test("leaves alone what is not its own, gated, or going", async (t) => {
	const { server, client, start, pod, addNode, settle } = setUp(t);
	await addNode(aNode("a"));
	await start();
	await client.create(Pod, aPod("other", { spec: { schedulerName: "mine" } }));
	await client.create(Pod, aPod("gated", { spec: { schedulingGates: [{ name: "example.com/wait" }] } }));
	await client.create(
		Pod,
		aPod("done", { spec: { schedulerName: "mine" }, meta: { finalizers: ["example.com/x"] } }),
	);
	await client.delete(Pod, { namespace: "default", name: "done" });
	await settle();
	t.is(server.calls.filter(({ path }) => path.endsWith("/binding")).length, 0);
	const gated = pod("gated") as Pod;
	await client.update(Pod, { ...gated, spec: { ...gated.spec, schedulingGates: [] } });
	await settle();
	t.is(pod("gated")?.spec.nodeName, "a");
});

test("a refused binding gives the room back and is tried again", async (t) => {
	const { server, client, clock, start, pod, addNode, settle } = setUp(t);
	await addNode(aNode("a", { cpu: "1" }));
	await start();
	const refusal = conflict({ resource: "pods" }, "one", "not now");
	server.failNext(refusal, { match: ({ path }) => path.endsWith("/one/binding") });
	await client.create(Pod, aPod("one", { requests: { cpu: "1" } }));
	await settle();
	t.is(pod("one")?.spec.nodeName, undefined);
	await client.create(Pod, aPod("two", { requests: { cpu: "1" } }));
	await settle();
	t.is(pod("two")?.spec.nodeName, "a");
	await clock.advance(1_000);
	t.regex(podCondition(pod("one") as Pod, "PodScheduled")?.message ?? "", /Insufficient cpu/);
});

test("an answer lost on the road: the room stays taken until the server tells", async (t) => {
	const { server, client, clock, start, pod, addNode, settle } = setUp(t);
	await addNode(aNode("a", { cpu: "1" }));
	await start();
	const isAbout = (path: string) => path.includes("/pods/one");
	server.failNext(new Error("the road broke"), { times: 3, match: ({ path }) => isAbout(path) });
	await client.create(Pod, aPod("one", { requests: { cpu: "1" } }));
	await client.create(Pod, aPod("two", { requests: { cpu: "1" } }));
	await settle();
	t.is(pod("two")?.spec.nodeName, undefined, "one may be running there");
	await clock.advance(5_000);
	t.is([pod("one"), pod("two")].filter((each) => each?.spec.nodeName === "a").length, 1);
});

test("a pod that vanishes while it is bound is no trouble", async (t) => {
	const { server, client, clock, start, addNode, settle } = setUp(t);
	await addNode(aNode("a", { cpu: "1" }));
	await start();
	server.failNext(notFound({ resource: "pods" }, "one"), { match: ({ path }) => path.endsWith("/binding") });
	await client.create(Pod, aPod("one", { requests: { cpu: "1" } }));
	await settle();
	await client.delete(Pod, { namespace: "default", name: "one" });
	await clock.advance(5_000);
	await client.create(Pod, aPod("next", { requests: { cpu: "1" } }));
	await settle();
	t.is(server.objects<Pod>(Pod).find((each) => keyOf(each) === "default/next")?.spec.nodeName, "a");
});

test("hundreds of pods at once: every node is filled to the brim and not beyond", async (t) => {
	const { server, client, start, addNode, settle } = setUp(t);
	for (let index = 0; index < 10; index++) await addNode(aNode(`n${index}`, { cpu: "4", pods: "20" }));
	for (let index = 0; index < 300; index++) {
		await client.create(Pod, aPod(`p${index}`, { requests: { cpu: "250m" }, owner: `o${index % 3}` }));
	}
	await start();
	for (let round = 0; round < 20; round++) await settle();
	const perNode = Map.groupBy(server.objects<Pod>(Pod), ({ spec }) => spec.nodeName);
	t.is(perNode.get(undefined)?.length, 300 - 160);
	for (let index = 0; index < 10; index++) t.is(perNode.get(`n${index}`)?.length, 16);
});

test("a pod of higher priority makes room: who goes is told why, and the room is the pod's", async (t) => {
	const { server, client, clock, start, pod, addNode, settle, eventsOf } = setUp(t);
	await addNode(aNode("a", { cpu: "1" }));
	const finalizers = ["example.com/slow"];
	await client.create(Pod, aPod("low", { requests: { cpu: "1" }, meta: { finalizers } }));
	await start();
	await settle();
	t.is(pod("low")?.spec.nodeName, "a");
	await client.create(Pod, aPod("high", { requests: { cpu: "1" }, spec: { priority: 10 } }));
	await settle();
	await settle();
	t.like(podCondition(pod("low") as Pod, "DisruptionTarget"), {
		status: "True",
		reason: "PreemptionByScheduler",
		message: "default-scheduler: preempting to accommodate a higher priority pod",
	});
	t.truthy(pod("low")?.metadata.deletionTimestamp);
	t.is(pod("high")?.status?.nominatedNodeName, "a");
	t.is(podCondition(pod("high") as Pod, "PodScheduled")?.reason, "Unschedulable");
	t.like(
		eventsOf().find(({ reason }) => reason === "Preempted"),
		{
			type: "Normal",
			message: `Preempted by pod ${pod("high")?.metadata.uid} on node a`,
			involvedObject: { kind: "Pod", name: "low" },
		},
	);
	const asked = () => server.calls.filter(({ method, path }) => method === "DELETE" && path.includes("/low"));
	await client.create(Pod, aPod("middle", { requests: { cpu: "1" }, spec: { priority: 5 } }));
	await clock.advance(30_000);
	t.is(asked().length, 1, "asked once");
	t.is(pod("middle")?.spec.nodeName, undefined);
	await client.update(Pod, {
		...(pod("low") as Pod),
		metadata: { ...pod("low")?.metadata, finalizers: [] } as never,
	});
	await clock.advance(30_000);
	t.is(pod("high")?.spec.nodeName, "a");
	t.is(pod("middle")?.spec.nodeName, undefined, "what was made free was not for this one");
});

test("a claim that waits for its pod gets a volume where the pod will run, and the pod follows", async (t) => {
	const { server, client, clock, start, pod, addNode, settle } = setUp(t);
	await addNode(aNode("a"));
	await addNode(aNode("b", { labels: { disk: "yes" } }));
	await client.create(StorageClass, {
		metadata: { name: "local" },
		provisioner: "kubernetes.io/no-provisioner",
		volumeBindingMode: "WaitForFirstConsumer",
	});
	const terms = [{ matchExpressions: [{ key: "disk", operator: "Exists" as const }] }];
	const made = await client.create(PersistentVolume, {
		metadata: { name: "v" },
		spec: {
			capacity: { storage: "1Gi" },
			accessModes: ["ReadWriteOnce"],
			storageClassName: "local",
			local: { path: "/disk" },
			nodeAffinity: { required: { nodeSelectorTerms: terms } },
		},
	});
	await client.updateStatus(PersistentVolume, { ...made, status: { phase: "Available" } });
	const claim = await client.create(PersistentVolumeClaim, {
		metadata: { namespace: "default", name: "data" },
		spec: {
			accessModes: ["ReadWriteOnce"],
			storageClassName: "local",
			resources: { requests: { storage: "1Gi" } },
		},
	});
	await start();
	const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
	await client.create(Pod, aPod("user", { spec: { volumes } }));
	await settle();
	const [given] = server.objects<PersistentVolume>(PersistentVolume);
	t.like(given?.spec.claimRef, { namespace: "default", name: "data", uid: claim.metadata.uid });
	t.is(pod("user")?.spec.nodeName, undefined, "not before the claim knows");
	await client.update(PersistentVolumeClaim, {
		...claim,
		metadata: { ...claim.metadata, annotations: { "pv.kubernetes.io/bind-completed": "yes" } },
		spec: { ...claim.spec, volumeName: "v" },
	});
	await clock.advance(2_000);
	t.is(pod("user")?.spec.nodeName, "b");
});

test("a pod that cannot be asked to go is asked again", async (t) => {
	const { server, client, clock, start, pod, addNode, settle } = setUp(t);
	await addNode(aNode("a", { cpu: "1" }));
	await client.create(Pod, aPod("low", { requests: { cpu: "1" } }));
	await start();
	await settle();
	server.failNext(conflict({ resource: "pods" }, "low", "not now"), {
		match: ({ method }) => method === "DELETE",
	});
	await client.create(Pod, aPod("high", { requests: { cpu: "1" }, spec: { priority: 10 } }));
	await settle();
	t.truthy(pod("low"));
	await clock.advance(10_000);
	t.is(pod("low"), undefined);
	t.is(pod("high")?.spec.nodeName, "a");
});
