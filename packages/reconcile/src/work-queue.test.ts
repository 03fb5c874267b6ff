import { createFakeClock } from "@berth/testing";
import test from "ava";
import fc from "fast-check";
import { createWorkQueue } from "./work-queue.ts";

const setUp = () => {
	const clock = createFakeClock();
	return { clock, queue: createWorkQueue({ clock }) };
};

test("a key is in the queue once, and first come is first served", async (t) => {
	const { queue } = setUp();
	for (const key of ["a", "b", "a", "a"]) queue.add(key);
	t.is(queue.length, 2);
	t.is(await queue.take(), "a");
	t.is(await queue.take(), "b");
	t.is(queue.length, 0);
});

test("one worker a key: added while worked on, it comes again afterwards", async (t) => {
	const { queue } = setUp();
	queue.add("a");
	t.is(await queue.take(), "a");
	queue.add("a");
	queue.add("a");
	const next = queue.take();
	t.is(await Promise.race([next, "nothing"]), "nothing");
	queue.done("a");
	t.is(await next, "a");
	queue.done("a");
	t.is(queue.length, 0);
});

test("of several delays the earliest counts", async (t) => {
	const { clock, queue } = setUp();
	queue.addAfter("a", 100);
	queue.addAfter("a", 50);
	queue.addAfter("a", 200);
	await clock.advance(49);
	t.is(queue.length, 0);
	await clock.advance(1);
	t.is(queue.length, 1);
	await clock.advance(1_000);
	t.is(queue.length, 1);
	t.is(clock.pending, 0);
});

test("a far time is one day at most: timers count no further than some weeks", async (t) => {
	const { clock, queue } = setUp();
	queue.addAfter("far", 365 * 24 * 3_600_000);
	await clock.advance(24 * 3_600_000);
	t.is(queue.length, 1);
});

test("each failure in a row doubles the wait, from 5 milliseconds to a minute; success forgets", (t) => {
	const { queue } = setUp();
	const waits = Array.from({ length: 20 }, () => queue.retry("a"));
	t.deepEqual(waits.slice(0, 4), [5, 10, 20, 40]);
	t.is(waits.at(-1), 60_000);
	t.is(queue.retry("b"), 5);
	queue.forget("a");
	t.is(queue.retry("a"), 5);
	queue.close();
});

test("closing ends every take and leaves no timer", async (t) => {
	const { clock, queue } = setUp();
	const waiting = [queue.take(), queue.take()];
	queue.addAfter("a", 10);
	queue.close();
	t.deepEqual(await Promise.all(waiting), [undefined, undefined]);
	queue.add("b");
	queue.addAfter("c", 1);
	t.is(await queue.take(), undefined);
	t.is(clock.pending, 0);
});

test("nothing added is lost, and no key is with two workers", async (t) => {
	const key = fc.constantFrom("a", "b", "c");
	const step = fc.oneof(
		fc.record({ do: fc.constant("add" as const), key }),
		fc.record({ do: fc.constant("later" as const), key, delay: fc.nat(100) }),
		fc.record({ do: fc.constant("retry" as const), key }),
		fc.record({ do: fc.constant("time" as const), delay: fc.nat(100) }),
		fc.record({ do: fc.constant("done" as const) }),
	);
	const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
		const { clock, queue } = setUp();
		const held: string[] = [];
		/** Keys that must be handed out once more. */
		const owed = new Set<string>();
		const worker = async () => {
			for (let taken = await queue.take(); taken !== undefined; taken = await queue.take()) {
				t.false(held.includes(taken), `${taken} is with two workers`);
				held.push(taken);
				owed.delete(taken);
			}
		};
		const workers = [worker(), worker(), worker()];
		for (const each of steps) {
			if (each.do === "add") {
				owed.add(each.key);
				queue.add(each.key);
			} else if (each.do === "later") {
				owed.add(each.key);
				queue.addAfter(each.key, each.delay);
			} else if (each.do === "retry") {
				owed.add(each.key);
				queue.retry(each.key);
			} else if (each.do === "time") {
				await clock.advance(each.delay);
			} else {
				const finished = held.shift();
				if (finished) queue.done(finished);
			}
		}
		for (let round = 0; round < 20 && (owed.size > 0 || held.length > 0); round++) {
			await clock.advance(100_000);
			for (const finished of held.splice(0)) queue.done(finished);
		}
		t.deepEqual([...owed], []);
		queue.close();
		await Promise.all(workers);
	});
	await fc.assert(property, { numRuns: 100 });
});
