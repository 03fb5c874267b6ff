import { Pod, ReplicationController, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createReplicationController } from "./controller.ts";
import { replicaSetStatus } from "./plan.ts";

test("why pods cannot be made is written once for each reason", (t) => {
	const set = { metadata: { name: "web" }, spec: { replicas: 1 } } as unknown as ReplicationController;
	const failed = (message: string) => ({ reason: "FailedCreate" as const, message });
	const first = replicaSetStatus(set, [], 1_000, failed('pods "web-a" is forbidden'));
	const again = replicaSetStatus({ ...set, status: first }, [], 9_000, failed('pods "web-b" is forbidden'));
	t.deepEqual(again.conditions, first.conditions);
	t.like(first.conditions?.[0], {
		type: "ReplicaFailure",
		status: "True",
		message: 'pods "web-a" is forbidden',
	});
	t.is(replicaSetStatus({ ...set, status: first }, [], 9_000).conditions, undefined);
});

test("a replication controller makes, adopts and replaces pods, and counts them", async (t) => {
	const clock = createFakeClock();
	const server = createFakeServer();
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const events = { normal: () => {}, warning: () => {} };
	const controller = createReplicationController({ client, informers, events, clock, log: silentLogger });
	const stop = new AbortController();
	const running = [
		informers.start(stop.signal),
		runController(controller, { clock, log: silentLogger, signal: stop.signal }),
	];
	const template = { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "c", image: "i" }] } };
	await client.create(Pod, {
		metadata: { namespace: "default", name: "orphan", labels: { app: "a" } },
		spec: template.spec,
	});
	await client.create(ReplicationController, {
		metadata: { namespace: "default", name: "web" },
		spec: { replicas: 3, selector: { app: "a" }, template },
	});
	const pods = () => server.objects<Pod>(Pod);
	const status = () => server.objects<ReplicationController>(ReplicationController)[0]?.status;
	await clock.until(() => pods().length === 3 && status()?.replicas === 3);
	t.is(
		pods().find(({ metadata }) => metadata.name === "orphan")?.metadata.ownerReferences?.[0]?.kind,
		"ReplicationController",
	);
	t.false("terminatingReplicas" in (status() ?? {}));
	await client.delete(Pod, { namespace: "default", name: "orphan" });
	await clock.until(() => pods().length === 3 && pods().every(({ metadata }) => metadata.name !== "orphan"));
	stop.abort();
	await Promise.all(running);
});
