import { setImmediate } from "node:timers/promises";
import { silentLogger } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createTrigger } from "./trigger.ts";

function setUp(work: () => Promise<void>) {
	const clock = createFakeClock();
	const stop = new AbortController();
	const trigger = createTrigger({ clock, log: silentLogger, interval: 50, work });
	return { clock, trigger, stop, done: trigger.run(stop.signal) };
}

test("it works at once when idle, and once for a burst", async (t) => {
	let runs = 0;
	const { clock, trigger, stop, done } = setUp(async () => void runs++);
	trigger.ask();
	await clock.advance(0);
	t.is(runs, 1);
	for (let i = 0; i < 10; i++) trigger.ask();
	await clock.advance(49);
	t.is(runs, 1);
	await clock.advance(1);
	t.is(runs, 2);
	await clock.advance(1_000);
	t.is(runs, 2);
	stop.abort();
	await done;
	t.is(clock.pending, 0);
});

test("it never works twice at a time; what is asked meanwhile is done afterwards", async (t) => {
	let running = 0;
	let runs = 0;
	let finish = () => {};
	const { clock, trigger, stop, done } = setUp(async () => {
		t.is(++running, 1);
		runs++;
		await new Promise<void>((resolve) => {
			finish = resolve;
		});
		running--;
	});
	trigger.ask();
	await clock.advance(0);
	trigger.ask();
	await clock.advance(500);
	t.is(runs, 1);
	finish();
	await clock.advance(50);
	t.is(runs, 2);
	stop.abort();
	finish();
	await done;
});

test("failures are tried again after waits that double, until one succeeds", async (t) => {
	const at: number[] = [];
	let failing = true;
	const { clock, trigger, stop, done } = setUp(async () => {
		at.push(clock.now());
		if (failing) throw new Error("no");
	});
	trigger.ask();
	await clock.advance(0);
	await clock.advance(800);
	const [first = 0] = at;
	t.deepEqual(
		at.map((each) => each - first),
		[0, 100, 300, 700],
	);
	failing = false;
	await clock.advance(800);
	t.is(at.length, 5);
	await clock.advance(60_000);
	t.is(at.length, 5);
	stop.abort();
	await done;
});

test("it ends when the signal aborts, while idle or waiting", async (t) => {
	const { clock, trigger, stop, done } = setUp(async () => {
		throw new Error("no");
	});
	trigger.ask();
	await clock.advance(0);
	stop.abort();
	await done;
	await setImmediate();
	t.is(clock.pending, 0);
	const aborted = createTrigger({ clock, log: silentLogger, interval: 50, work: async () => t.fail() });
	aborted.ask();
	await aborted.run(AbortSignal.abort());
	t.pass();
});
