import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatTime } from "@berth/api";
import test from "ava";
import { createPodDirectories } from "../steps/pod-directory.ts";
import { createCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { containerOf, decideIn, NOW, podOf, settled } from "./decide.world.ts";
import { endingIn, withEnding } from "./ending.ts";
import { graceOf } from "./grace.ts";

const ENDING = { reason: "Evicted", message: "too much. " };

test("a pod's status carries its ending, and that decides what it becomes", (t) => {
	const pod = withEnding(podOf(), ENDING, NOW);
	t.deepEqual(endingIn(pod), ENDING);
	t.deepEqual(pod.status, {
		...ENDING,
		conditions: [
			{
				type: "DisruptionTarget",
				status: "True",
				reason: "TerminationByKubelet",
				lastTransitionTime: formatTime(NOW),
				message: "too much. ",
			},
		],
	});
	t.is(withEnding(pod, { reason: "Terminated", message: "later" }, NOW + 1), pod, "the first one is told");
	const { actions, outcome } = decideIn(settled({ pod, containers: [containerOf()] }));
	t.deepEqual(outcome, { phase: "Failed", ...ENDING });
	t.like(actions, [{ do: "stop", name: "a", why: "podFinished" }]);
});

test("what others say of a pod's end is not an ending by its host", (t) => {
	const condition = { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" } as const;
	t.is(endingIn(podOf()), undefined);
	t.is(endingIn({ ...podOf(), status: { reason: "x", conditions: [condition] } }), undefined);
});

test("the host's time is the most that a pod has", (t) => {
	const pod = podOf({ terminationGracePeriodSeconds: 30 });
	const time = (most: number | undefined, elapsed = 0) =>
		graceOf(pod, { name: "a", why: "podFinished", elapsed, most });
	t.is(time(undefined), 30_000);
	t.is(time(10_000, 4_000), 6_000);
	t.is(time(1_000, 4_000), 1_000);
	t.is(time(60_000), 30_000);
});

test("an ending is written down", async (t) => {
	const root = await mkdtemp(join(tmpdir(), "berth-ending-"));
	const directories = createPodDirectories(root);
	const checkpoint = createCheckpoint(directories);
	await checkpoint.keep(podOf());
	const ending = withEnding(podOf(), ENDING, NOW);
	await checkpoint.keep(ending);
	const known = await readCheckpoint(directories, "u1");
	t.deepEqual(known && endingIn(known.pod), ENDING);
	t.is(known?.grace, undefined);
	await checkpoint.keep(ending, 5);
	t.is((await readCheckpoint(directories, "u1"))?.grace, 5, "a shorter time is written down too");
	await rm(root, { recursive: true });
});
