import { Node, Pod, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createPodGcController } from "./controller.ts";

test("a pod whose node is gone for good has failed, and goes when nobody holds it", async (t) => {
	const clock = createFakeClock();
	const server = createFakeServer({ now: clock.now });
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const events = { normal: () => {}, warning: () => {} };
	const controller = createPodGcController({ client, informers, events, clock, log: silentLogger });
	const stop = new AbortController();
	const running = [
		informers.start(stop.signal),
		runController(controller, { clock, log: silentLogger, signal: stop.signal }),
	];
	await client.create(Node, { metadata: { name: "here" }, spec: {} });
	const make = (name: string, nodeName: string, finalizers: readonly string[] = []) =>
		client.create(Pod, {
			metadata: { namespace: "default", name, finalizers },
			spec: { nodeName, containers: [{ name: "main", image: "i" }] },
		});
	await make("stays", "here");
	await make("goes", "gone");
	await make("held", "gone", ["example.com/held"]);
	const pods = () => server.objects<Pod>(Pod);
	await clock.until(() => pods().length === 2);
	await clock.until(() => pods().some(({ metadata }) => metadata.deletionTimestamp));
	const held = pods().find(({ metadata }) => metadata.name === "held");
	t.is(held?.status?.phase, "Failed");
	t.like(held?.status?.conditions?.[0], { type: "DisruptionTarget", reason: "DeletionByPodGC" });
	t.is(pods().find(({ metadata }) => metadata.name === "stays")?.status?.phase, undefined);
	stop.abort();
	await Promise.all(running);
});
