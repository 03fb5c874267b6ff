import { Pod, ReplicationController, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createReplicationController } from "./controller.ts";

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
