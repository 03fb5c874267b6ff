import { Node, Pod, podCondition, silentLogger, type Taint } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import { createTaintEvictionController } from "./taint-eviction-controller.ts";

async function setUp(t: ExecutionContext) {
	const clock = createFakeClock();
	const server = createFakeServer();
	const client = createClient(server);
	const log = silentLogger;
	const informers = createInformers({ client, clock, log, random: () => 0.5 });
	const told: string[] = [];
	const events = {
		normal: (_: object, reason: string, message: string) => told.push(`${reason}: ${message}`),
		warning: () => {},
	};
	const stop = new AbortController();
	const controller = createTaintEvictionController({ client, informers, events, clock, log });
	const running = [
		runController(controller, { clock, log, signal: stop.signal }),
		informers.start(stop.signal),
	];
	t.teardown(async () => {
		stop.abort();
		await Promise.all(running);
	});
	const node = await client.create(Node, { metadata: { name: "n" }, spec: {} });
	const pod = (name: string) => server.objects<Pod>(Pod).find(({ metadata }) => metadata.name === name);
	const taint = async (...taints: Taint[]) => {
		await client.patch(Node, { name: "n" }, { spec: { taints } }, { type: "merge" });
		await clock.advance(10);
	};
	const add = (name: string, tolerationSeconds: number | undefined) =>
		client.create(Pod, {
			metadata: { namespace: "default", name, finalizers: ["example.com/watched"] },
			spec: {
				nodeName: "n",
				containers: [],
				tolerations: [
					{ key: "k", operator: "Exists", ...(tolerationSeconds !== undefined && { tolerationSeconds }) },
				],
			},
		});
	await clock.advance(10);
	return { client, clock, node, pod, taint, add, told };
}

/** As `kubectl taint` writes it: without the time. */
const TAINT: Taint = { key: "k", value: "v", effect: "NoExecute" };

test("a toleration that ends is counted from when the taint was first seen", async (t) => {
	const { clock, pod, taint, add, told, client } = await setUp(t);
	await add("short", 5);
	await add("long", 60);
	await add("forever", undefined);
	await taint(TAINT);
	await clock.advance(3_000);
	// News of the pod do not begin the time anew.
	await client.patch(
		Pod,
		{ namespace: "default", name: "short" },
		{ metadata: { labels: { a: "b" } } },
		{ type: "merge" },
	);
	await clock.advance(2_500);
	t.truthy(pod("short")?.metadata.deletionTimestamp);
	t.like(podCondition(pod("short") as Pod, "DisruptionTarget"), {
		status: "True",
		reason: "DeletionByTaintManager",
		message: "Taint manager: deleting due to NoExecute taint",
	});
	t.is(pod("long")?.metadata.deletionTimestamp, undefined);
	t.true(told.includes("TaintManagerEviction: Marking for deletion Pod default/short"));
	await clock.advance(120_000);
	t.truthy(pod("long")?.metadata.deletionTimestamp);
	t.is(pod("forever")?.metadata.deletionTimestamp, undefined);
});

test("a taint that goes in time takes the eviction with it; when it comes back, time begins anew", async (t) => {
	const { clock, pod, taint, add, told } = await setUp(t);
	await add("lucky", 5);
	await taint(TAINT);
	await clock.advance(3_000);
	await taint();
	t.deepEqual(told, ["TaintManagerEviction: Cancelling deletion of Pod default/lucky"]);
	await clock.advance(10_000);
	t.is(pod("lucky")?.metadata.deletionTimestamp, undefined);
	await taint(TAINT);
	await clock.advance(3_000);
	t.is(pod("lucky")?.metadata.deletionTimestamp, undefined);
	await clock.advance(3_000);
	t.truthy(pod("lucky")?.metadata.deletionTimestamp);
});
