import test from "ava";
import { silentLogger, systemClock } from "./environment.ts";

test("sleep ends at its time, or at once when told to stop", async (t) => {
	const start = systemClock.now();
	await systemClock.sleep(5);
	t.true(systemClock.now() - start >= 4);
	const stop = new AbortController();
	const sleeping = systemClock.sleep(60_000, stop.signal);
	stop.abort();
	await sleeping;
	await systemClock.sleep(60_000, AbortSignal.abort());
	t.true(systemClock.now() - start < 5_000);
});

test("a cancelled callback never runs", async (t) => {
	let calls = 0;
	systemClock.after(1, () => calls++)();
	systemClock.after(1, () => calls++);
	await systemClock.sleep(10);
	t.is(calls, 1);
});

test("the silent logger has silent children", (t) => {
	t.is(silentLogger.child({ a: 1 }), silentLogger);
	t.is(silentLogger.info({}, "nothing"), undefined);
});
