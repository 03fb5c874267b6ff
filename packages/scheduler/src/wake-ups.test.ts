import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createCluster } from "./cluster/cluster.ts";
import { podInfo } from "./cluster/pod-info.ts";
import { aNode, aPod, onNode } from "./objects.fixture.ts";
import { FILTERS } from "./plugins.ts";
import { createSchedulingQueue } from "./queue.ts";
import { createWakeUps } from "./wake-ups.ts";

test("a burst is told once it is over, once for each node and kind of change, as things then are", async (t) => {
	const clock = createFakeClock();
	const cluster = createCluster();
	const queue = createSchedulingQueue({ clock, plugins: FILTERS });
	const told: string[] = [];
	const later: (() => void)[] = [];
	const observed = {
		...queue,
		wake: (...[change, refuser]: Parameters<typeof queue.wake>) => {
			told.push(change);
			queue.wake(change, refuser);
		},
	};
	const wakeUps = createWakeUps(observed, cluster, (callback) => void later.push(callback));

	cluster.setNode(aNode("a", { cpu: "1" }));
	for (const name of ["one", "two"]) cluster.place(onNode(aPod(name, { requests: { cpu: "500m" } }), "a"));
	const pod = podInfo(aPod("x", { requests: { cpu: "1" } }));
	queue.put(pod);
	queue.next();
	queue.refused(pod, new Set(["NodeResourcesFit"]));
	for (const name of ["one", "two"]) wakeUps.note("pod-gone", cluster.remove(`default/${name}`));
	wakeUps.note("pod-placed");
	t.is(later.length, 1);
	t.deepEqual(told, []);
	later.pop()?.();
	t.deepEqual(told, ["pod-gone", "pod-placed"]);
	await clock.advance(1_000);
	t.is(queue.next(), pod);
	wakeUps.note("node-added", "none");
	t.is(later.length, 1, "the next burst is a new one");
});
