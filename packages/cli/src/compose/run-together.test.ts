import test from "ava";
import { runTogether } from "./run-together.ts";

const untilStopped = (signal: AbortSignal) =>
	new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});

test("all parts end when told to", async (t) => {
	const stop = new AbortController();
	const run = runTogether([untilStopped, untilStopped], stop.signal);
	stop.abort();
	await t.notThrowsAsync(run);
});

test("the first failure stops the others and is the one that is told", async (t) => {
	const stopped: string[] = [];
	await t.throwsAsync(
		runTogether(
			[
				async (signal) => {
					await untilStopped(signal);
					stopped.push("first");
					throw new Error("a consequence");
				},
				async () => {
					throw new Error("the cause");
				},
			],
			new AbortController().signal,
		),
		{ message: "the cause" },
	);
	t.deepEqual(stopped, ["first"]);
});

test("a part that ends by itself leaves the others running", async (t) => {
	const stop = new AbortController();
	let ended = false;
	const run = runTogether([async () => {}, untilStopped], stop.signal).then(() => {
		ended = true;
	});
	await new Promise((resolve) => setImmediate(resolve));
	t.false(ended);
	stop.abort();
	await run;
	t.true(ended);
});
