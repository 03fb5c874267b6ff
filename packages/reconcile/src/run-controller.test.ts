import { ConfigMap, conflict, keyOf, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import { type Controller, type Settled, type Source, watch } from "./controller.ts";
import { type Outcome, runController } from "./run-controller.ts";

/** A source that enqueues by hand. */
function manual(synced: Promise<void> = Promise.resolve()) {
	let enqueue = (_key: string) => {};
	let attached = false;
	const source: Source = {
		attach: (add) => {
			enqueue = add;
			attached = true;
			return () => {
				attached = false;
			};
		},
		synced,
	};
	return { source, enqueue: (key: string) => enqueue(key), isAttached: () => attached };
}

function start(
	t: ExecutionContext,
	controller: Partial<Controller> & Pick<Controller, "sources" | "reconcile">,
) {
	const clock = createFakeClock();
	const stop = new AbortController();
	const outcomes: Outcome[] = [];
	const warnings: object[] = [];
	const log = { ...silentLogger, warn: (fields: object) => void warnings.push(fields), child: () => log };
	const metrics = {
		reconciled: (_name: string, outcome: Outcome) => void outcomes.push(outcome),
		waiting: () => {},
	};
	const running = runController(
		{ name: "test", ...controller },
		{ clock, log, signal: stop.signal, metrics },
	);
	const end = async () => {
		stop.abort();
		await running;
	};
	t.teardown(end);
	return { clock, outcomes, warnings, end };
}

test("works on nothing before everything is known", async (t) => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const { source, enqueue } = manual(promise);
	const seen: string[] = [];
	const { clock } = start(t, { sources: [source], reconcile: async (key) => void seen.push(key) as Settled });
	enqueue("a");
	await clock.advance(1_000);
	t.deepEqual(seen, []);
	resolve();
	await clock.advance(0);
	t.deepEqual(seen, ["a"]);
});

test("looks again after the time asked for", async (t) => {
	const { source, enqueue } = manual();
	let turns = 0;
	const { clock, outcomes } = start(t, {
		sources: [source],
		reconcile: async () => (++turns < 3 ? { requeueAfter: 1_000 } : undefined),
	});
	enqueue("a");
	await clock.advance(999);
	t.is(turns, 1);
	await clock.advance(60_000);
	t.deepEqual(outcomes, ["requeued", "requeued", "settled"]);
});

test("a failure is logged and repeated with growing waits; a conflict is repeated in silence", async (t) => {
	const { source, enqueue } = manual();
	let turns = 0;
	const { clock, outcomes, warnings } = start(t, {
		sources: [source],
		reconcile: async () => {
			turns += 1;
			if (turns <= 2) throw new Error("no");
			if (turns === 3) throw conflict({ resource: "pods" }, "a", "changed");
			return undefined;
		},
	});
	enqueue("a");
	await clock.advance(4);
	t.is(turns, 1);
	await clock.advance(100);
	t.deepEqual(outcomes, ["failed", "failed", "conflict", "settled"]);
	t.like(warnings, [
		{ key: "a", retryIn: 5 },
		{ key: "a", retryIn: 10 },
	]);
	t.is(warnings.length, 2);
});

test("several keys at once, no more than there are workers", async (t) => {
	const { source, enqueue } = manual();
	const gate = Promise.withResolvers<void>();
	let busy = 0;
	let most = 0;
	const { clock } = start(t, {
		workers: 2,
		sources: [source],
		reconcile: async () => {
			busy += 1;
			most = Math.max(most, busy);
			await gate.promise;
			busy -= 1;
			return undefined;
		},
	});
	for (const key of ["a", "b", "c", "d"]) enqueue(key);
	await clock.advance(0);
	t.is(busy, 2);
	gate.resolve();
	await clock.advance(0);
	t.is(busy, 0);
	t.is(most, 2);
});

test("stopping tells the worker, waits for it, and lets go of the sources", async (t) => {
	const { source, enqueue, isAttached } = manual();
	const events: string[] = [];
	const { clock, end } = start(t, {
		sources: [source],
		reconcile: async (key, signal) => {
			events.push(`begin ${key}`);
			await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
			events.push(`end ${key}`);
			throw new Error("interrupted");
		},
	});
	enqueue("a");
	await clock.advance(0);
	await end();
	t.deepEqual(events, ["begin a", "end a"]);
	t.false(isAttached());
	t.is(clock.pending, 0);
});

test("stopped before it is synced, it just ends", async (t) => {
	const { source, isAttached } = manual(new Promise(() => {}));
	const { end } = start(t, { sources: [source], reconcile: async () => undefined });
	await end();
	t.false(isAttached());
});

test("with informers: every object is looked at, and again when it changes", async (t) => {
	const server = createFakeServer();
	const client = createClient(server);
	const clock = createFakeClock();
	const stop = new AbortController();
	const informers = createInformers({ client, clock, log: silentLogger });
	const maps = informers.of(ConfigMap);
	const seen: string[] = [];
	const controller: Controller = {
		name: "copy",
		sources: [watch(maps, ({ object }) => [keyOf(object)])],
		reconcile: async (key) => void seen.push(`${key} ${maps.get(key)?.data?.a}`) as Settled,
	};
	const made = await client.create(ConfigMap, {
		metadata: { namespace: "x", name: "one" },
		data: { a: "1" },
	});
	const running = [
		informers.start(stop.signal),
		runController(controller, { clock, log: silentLogger, signal: stop.signal }),
	];
	await clock.advance(0);
	await client.update(ConfigMap, { ...made, data: { a: "2" } });
	await client.delete(ConfigMap, { namespace: "x", name: "one" });
	await clock.advance(0);
	t.is(seen[0], "x/one 1");
	t.is(seen.at(-1), "x/one undefined");
	stop.abort();
	await Promise.all(running);
	t.is(clock.pending, 0);
});
