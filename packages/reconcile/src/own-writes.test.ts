import { ConfigMap, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import { created, deleted, ownWritesSeen, updated } from "./own-writes.ts";

async function setUp(t: ExecutionContext) {
	const server = createFakeServer();
	const client = createClient(server);
	const clock = createFakeClock();
	const stop = new AbortController();
	const informers = createInformers({ client, clock, log: silentLogger });
	const informer = informers.of(ConfigMap);
	const running = informers.start(stop.signal);
	t.teardown(async () => {
		stop.abort();
		await running;
	});
	const made = await client.create(ConfigMap, { metadata: { namespace: "x", name: "one" } });
	await clock.advance(0);
	const seen = async (key: string, shown: (object: ConfigMap | undefined) => boolean) => {
		let done = false;
		const waiting = ownWritesSeen({ informer, written: new Map([[key, shown]]), clock, signal: stop.signal });
		waiting.then(() => {
			done = true;
		});
		await clock.advance(0);
		return { isDone: () => done, waiting };
	};
	return { client, clock, made, seen, stop };
}

test("what is shown already is not waited for", async (t) => {
	const { made, seen } = await setUp(t);
	t.true((await seen("x/one", created(made))).isDone());
	t.true((await seen("x/one", updated(made))).isDone());
	t.false((await seen("x/one", deleted(made))).isDone());
});

test("waits until the informer shows the creation, the update, the deletion", async (t) => {
	const { client, clock, made, seen } = await setUp(t);
	const next = {
		...made,
		metadata: { ...made.metadata, resourceVersion: `${Number(made.metadata.resourceVersion) + 1}` },
	};
	const update = await seen("x/one", updated(next));
	const removal = await seen("x/one", deleted(made));
	t.false(update.isDone());
	await client.update(ConfigMap, { ...made, data: { a: "b" } });
	await clock.advance(0);
	t.true(update.isDone());
	t.false(removal.isDone());
	await client.delete(ConfigMap, { namespace: "x", name: "one" });
	await clock.advance(0);
	t.true(removal.isDone());
});

test("gives up after a few seconds, and when told to stop", async (t) => {
	const { clock, made, seen, stop } = await setUp(t);
	const first = await seen("x/none", created(made));
	await clock.advance(5_000);
	t.true(first.isDone());
	const second = await seen("x/none", created(made));
	stop.abort();
	await second.waiting;
	await clock.advance(0);
	t.is(clock.pending, 0);
});
