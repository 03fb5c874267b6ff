/** Kills the controller between any two of its writes, while pods end and users delete them: every end counts once. */
import { formatTime, isPodTerminal, type Job, type Pod } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { isFinished } from "./ending.ts";
import { job, pod, START } from "./fixtures.ts";
import { countIndexes, parseIndexes } from "./indexes.ts";
import { indexOf, isActive, isTracked } from "./job-pods.ts";
import { type JobPlan, planJob } from "./plan.ts";
import { podOfJob } from "./pod-of-job.ts";

/** What the server would hold, and what really happened. */
interface World {
	job: Job;
	now: number;
	readonly pods: Map<string, Pod>;
	/** Pods that ended, or were told to, while the job still counted them. */
	readonly ended: Set<string>;
	/** Those of them that succeeded, and their indexes. */
	readonly succeeded: Set<string>;
	readonly done: Set<number>;
	made: number;
}

function change(world: World, uid: string, update: (pod: Pod) => Pod) {
	const old = world.pods.get(uid);
	if (!old) return;
	const next = update(old);
	if (isTracked(old) && !isActive(next)) world.ended.add(uid);
	const index = indexOf(next, world.job);
	if (isTracked(old) && next.status?.phase === "Succeeded") {
		world.succeeded.add(uid);
		if (index !== undefined) world.done.add(index);
	}
	const isGone = next.metadata.deletionTimestamp && isPodTerminal(next) && !isTracked(next);
	if (isGone) world.pods.delete(uid);
	else world.pods.set(uid, next);
}

const withoutFinalizer = ({ metadata: { finalizers: _, ...metadata }, ...rest }: Pod): Pod => ({
	...rest,
	metadata,
});

/** The writes of a plan in the controller's order. */
function writesOf(world: World, plan: JobPlan): (() => void)[] {
	const remove = (target: Pod) => () =>
		change(world, target.metadata.uid, (old) => ({
			...old,
			metadata: { ...old.metadata, deletionTimestamp: formatTime(world.now) },
		}));
	const release = (target: Pod) => () => change(world, target.metadata.uid, withoutFinalizer);
	return [
		...plan.remove.map(release),
		...plan.create.map((order) => () => {
			const name = `pod-${world.made++}`;
			const { annotations = {} } = podOfJob(world.job, order).metadata;
			world.pods.set(name, pod(name, "Pending", { annotations: annotations as Record<string, string> }));
		}),
		...[...plan.remove, ...plan.end].map(remove),
		() => {
			world.job = { ...world.job, status: plan.status };
		},
		...plan.release.map(release),
	];
}

function look(world: World, survives: number) {
	if (isFinished(world.job)) return;
	const plan = planJob(world.job, [...world.pods.values()], world.now);
	for (const write of writesOf(world, plan).slice(0, survives)) write();
}

const end = (world: World, uid: string, phase: "Succeeded" | "Failed") =>
	change(world, uid, (old) =>
		isPodTerminal(old)
			? old
			: {
					...pod(uid, phase, { endedAt: (world.now - START) / 1000 }),
					metadata: old.metadata,
				},
	);

const actions = fc.array(
	fc.record({
		what: fc.constantFrom("look", "look", "succeed", "fail", "delete", "suspend", "resume"),
		which: fc.nat(),
		survives: fc.oneof(fc.nat(6), fc.constant(1_000)),
	}),
	{ maxLength: 60 },
);

function play(world: World, script: typeof actions extends fc.Arbitrary<infer A> ? A : never) {
	for (const { what, which, survives } of script) {
		world.now += 1_000;
		const uids = [...world.pods.keys()];
		const uid = uids[which % Math.max(1, uids.length)] ?? "";
		if (what === "look") look(world, survives);
		if (what === "succeed") end(world, uid, "Succeeded");
		if (what === "fail") end(world, uid, "Failed");
		if (what === "delete") {
			const deletionTimestamp = formatTime(world.now);
			change(world, uid, (old) => ({ ...old, metadata: { ...old.metadata, deletionTimestamp } }));
		}
		if ((what === "suspend" || what === "resume") && !isFinished(world.job))
			world.job = { ...world.job, spec: { ...world.job.spec, suspend: what === "suspend" } };
	}
	// From here on nothing crashes and every pod succeeds: the job comes to its end.
	world.job = { ...world.job, spec: { ...world.job.spec, suspend: false } };
	for (let turn = 0; turn < 200 && !isFinished(world.job); turn++) {
		world.now += 3_600_000;
		look(world, 1_000);
		for (const uid of [...world.pods.keys()]) end(world, uid, "Succeeded");
	}
}

const worldOf = (spec: Partial<Job["spec"]>): World => ({
	job: job(spec, {}),
	now: START,
	pods: new Map(),
	ended: new Set(),
	succeeded: new Set(),
	done: new Set(),
	made: 0,
});

for (const podReplacementPolicy of ["TerminatingOrFailed", "Failed"] as const)
	test(`every end counts once, when pods are replaced as they are ${podReplacementPolicy}`, (t) => {
		fc.assert(
			fc.property(actions, fc.nat(3), (script, backoffLimit) => {
				const world = worldOf({ podReplacementPolicy, backoffLimit });
				play(world, script);
				const { succeeded = 0, failed = 0, uncountedTerminatedPods } = world.job.status ?? {};
				t.true(isFinished(world.job));
				t.is(succeeded + failed, world.ended.size);
				t.deepEqual(uncountedTerminatedPods, {});
				t.false([...world.pods.values()].some(isTracked));
			}),
			{ numRuns: 300 },
		);
	});

for (const limits of [
	{ backoffLimit: 3 },
	{ backoffLimitPerIndex: 1, maxFailedIndexes: 1, backoffLimit: 99 },
])
	test(`every index that was done is known, with ${JSON.stringify(limits)}`, (t) => {
		fc.assert(
			fc.property(actions, (script) => {
				const world = worldOf({ completionMode: "Indexed", ...limits });
				play(world, script);
				const { completedIndexes, failedIndexes, succeeded = 0, failed = 0 } = world.job.status ?? {};
				t.true(isFinished(world.job));
				t.is(countIndexes(parseIndexes(completedIndexes, 4)), world.done.size);
				t.is(succeeded, world.done.size);
				t.true(failed <= world.ended.size);
				// A pod that was told to end counts as failed, though it may have succeeded before it was gone.
				t.true(failed >= world.ended.size - world.succeeded.size);
				t.is(failedIndexes === undefined, !("maxFailedIndexes" in limits));
				t.false([...world.pods.values()].some(isTracked));
			}),
			{ numRuns: 300 },
		);
	});
