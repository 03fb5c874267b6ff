import { Job, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createTtlAfterFinishedController } from "./controller.ts";

test("a finished job goes after its time; one that runs, or has none, stays", async (t) => {
	const clock = createFakeClock();
	const server = createFakeServer({ now: clock.now });
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const events = { normal: () => {}, warning: () => {} };
	const controller = createTtlAfterFinishedController({
		client,
		informers,
		events,
		clock,
		log: silentLogger,
	});
	const stop = new AbortController();
	const running = [
		informers.start(stop.signal),
		runController(controller, { clock, log: silentLogger, signal: stop.signal }),
	];
	const make = async (name: string, ttlSecondsAfterFinished: number | undefined, type?: string) => {
		const job = await client.create(Job, {
			metadata: { namespace: "default", name },
			spec: { template: {}, ...(ttlSecondsAfterFinished === undefined ? {} : { ttlSecondsAfterFinished }) },
		});
		const lastTransitionTime = new Date(clock.now()).toISOString();
		const conditions = type ? [{ type, status: "True", lastTransitionTime }] : [];
		await client.updateStatus(Job, { ...job, status: { conditions } });
	};
	const names = () => server.objects<Job>(Job).map(({ metadata }) => metadata.name);
	await make("at-once", 0, "Complete");
	await make("later", 60, "Failed");
	await make("runs", 0);
	await make("stays", undefined, "Complete");
	const began = clock.now();
	await clock.until(() => !names().includes("at-once"));
	t.true(clock.now() - began < 1_000);
	await clock.advance(58_000);
	t.deepEqual(names(), ["later", "runs", "stays"]);
	await clock.advance(3_000);
	t.deepEqual(names(), ["runs", "stays"]);
	const deletes = server.calls.filter(({ method }) => method === "DELETE");
	t.is(deletes.length, 2);
	stop.abort();
	await Promise.all(running);
});
