import { createFakeClock } from "@berth/testing";
import test from "ava";
import { podInfo } from "./cluster/pod-info.ts";
import { aPod, type PodWishes } from "./objects.fixture.ts";
import { FILTERS } from "./plugins.ts";
import { createSchedulingQueue } from "./queue.ts";

const setUp = () => {
	const clock = createFakeClock();
	return { clock, queue: createSchedulingQueue({ clock, plugins: FILTERS }) };
};
const info = (name: string, wishes: PodWishes = {}) => podInfo(aPod(name, wishes));
const fit = new Set(["NodeResourcesFit"]);

test("by priority, then first come, first served", (t) => {
	const { queue } = setUp();
	for (const [name, priority] of [
		["a", 0],
		["b", 0],
		["high", 10],
		["low", -1],
	] as const) {
		queue.put(info(name, { spec: { priority } }));
	}
	const order = [queue.next(), queue.next(), queue.next(), queue.next(), queue.next()];
	t.deepEqual(
		order.map((pod) => pod?.pod.metadata.name),
		["high", "a", "b", "low", undefined],
	);
});

test("a refused pod sleeps until something changes that may help it", async (t) => {
	const { clock, queue } = setUp();
	const pod = info("a");
	queue.put(pod);
	queue.next();
	queue.refused(pod, fit);
	await clock.advance(3_600_000);
	t.is(queue.next(), undefined);
	t.is(clock.pending, 0, "nothing polls");
	queue.wake("node-taints");
	queue.wake("pod-placed");
	t.is(queue.next(), undefined);
	queue.wake("pod-gone");
	t.is(queue.next(), pod);
	queue.refused(pod, new Set(["NodeName"]));
	queue.wake("node-allocatable");
	await clock.advance(60_000);
	t.is(queue.next(), undefined);
	queue.wake("node-added");
	t.is(queue.next(), pod);
});

test("woken early, it waits out its backoff: 1 second, doubled up to 10", async (t) => {
	const { clock, queue } = setUp();
	const pod = info("a");
	queue.put(pod);
	const waits: number[] = [];
	for (let attempt = 0; attempt < 6; attempt++) {
		t.is(queue.next(), pod);
		queue.refused(pod, fit);
		queue.wake("pod-gone");
		const began = clock.now();
		await clock.until(() => queue.counts.active === 1);
		waits.push(clock.now() - began);
	}
	t.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test("a failed attempt is repeated after the backoff, and says when it is ready", async (t) => {
	const { clock, queue } = setUp();
	let ready = 0;
	queue.onReady(() => ready++);
	const pod = info("a");
	queue.put(pod);
	queue.next();
	queue.failed(pod);
	t.is(ready, 1);
	await clock.advance(999);
	t.is(queue.next(), undefined);
	await clock.advance(1);
	t.is(ready, 2);
	t.is(queue.next(), pod);
});

test("a changed pod is worth a try; a changed status is not", async (t) => {
	const { clock, queue } = setUp();
	queue.put(info("a"));
	const pod = queue.next();
	if (!pod) return t.fail();
	queue.refused(pod, fit);
	await clock.advance(5_000);
	const newer = info("a");
	queue.refresh(newer);
	t.is(queue.next(), undefined);
	queue.put(newer);
	t.is(queue.next(), newer);
});

test("what is removed does not come back, whatever becomes of its attempt", async (t) => {
	const { clock, queue } = setUp();
	const [a, b] = [info("a"), info("b")];
	queue.put(a);
	queue.put(b);
	queue.next();
	queue.remove(a.key);
	queue.failed(a);
	queue.remove(b.key);
	await clock.advance(60_000);
	t.is(queue.next(), undefined);
	t.deepEqual(queue.counts, { active: 0, backoff: 0, unschedulable: 0 });

	const namesake = podInfo(aPod("a", { meta: { uid: "another" } }));
	queue.put(namesake);
	t.is(queue.next(), namesake);
	queue.failed(a);
	t.deepEqual(queue.counts, { active: 0, backoff: 0, unschedulable: 0 }, "the outcome was the old pod's");
});

test("asked about one node, only pods that it takes wake, and those refused for what is elsewhere", async (t) => {
	const { clock, queue } = setUp();
	const [small, large, social] = [info("small"), info("large"), info("social")];
	for (const pod of [small, large, social]) {
		queue.put(pod);
		queue.next();
		queue.refused(pod, pod === social ? new Set(["InterPodAffinity"]) : fit);
	}
	queue.wake("pod-gone", (pod) => (pod === small ? undefined : "NodeResourcesFit"));
	await clock.advance(1_000);
	t.deepEqual([queue.next(), queue.next(), queue.next()], [small, social, undefined]);
	t.is(queue.counts.unschedulable, 1);
});

test("a plugin that hid behind another is waited for once it shows", async (t) => {
	const { clock, queue } = setUp();
	const pod = info("a");
	queue.put(pod);
	queue.next();
	queue.refused(pod, new Set(["NodeUnschedulable"]));
	queue.wake("node-schedulable", () => "TaintToleration");
	await clock.advance(60_000);
	t.is(queue.next(), undefined);
	queue.wake("node-taints", () => undefined);
	t.is(queue.next(), pod);
});
