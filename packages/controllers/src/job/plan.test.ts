import type { Job, JobStatus } from "@berth/api";
import test from "ava";
import { at, job, pod, START } from "./fixtures.ts";
import { COMPLETION_INDEX, INDEX_FAILURES, INDEX_IGNORED_FAILURES } from "./job-pods.ts";
import { planJob } from "./plan.ts";
import { podOfJob } from "./pod-of-job.ts";
import { MAX_UNCOUNTED } from "./tally.ts";

const SECOND = 1_000;
const plan = (of: Job, pods: readonly ReturnType<typeof pod>[] = [], seconds = 0) =>
	planJob(of, pods, START + seconds * SECOND);
const names = (pods: readonly { metadata: { name: string } }[]) => pods.map(({ metadata }) => metadata.name);
const types = ({ conditions = [] }: JobStatus) => conditions.map(({ type, status }) => `${type}=${status}`);
const reason = ({ conditions = [] }: JobStatus) => conditions[0]?.reason;

test("as many pods at once as the job allows, and no more than are still needed", (t) => {
	t.is(plan(job()).create.length, 2);
	t.is(plan(job(), [pod("a", "Running"), pod("b", "Pending")]).create.length, 0);
	t.is(plan(job({}, { startTime: at(0), succeeded: 3 })).create.length, 1);
	t.is(plan(job({ parallelism: 600, completions: 600 })).create.length, 500);
	t.is(plan(job({ parallelism: 0 })).create.length, 0);
	t.deepEqual(names(plan(job({ parallelism: 1 }), [pod("a", "Running"), pod("b", "Pending")]).remove), ["b"]);
});

test("it starts when it is first looked at, unless it waits", (t) => {
	t.is(plan(job({}, {}), [], 7).status.startTime, at(7));
	const waiting = plan(job({ suspend: true }, {}), [], 7);
	t.is(waiting.status.startTime, undefined);
	t.deepEqual(types(waiting.status), ["Suspended=True"]);
	t.like(waiting.events[0], { reason: "Suspended", message: "Job suspended" });
	const resumed = plan(job({}, waiting.status), [], 9);
	t.deepEqual(types(resumed.status), ["Suspended=False"]);
	t.is(resumed.status.startTime, at(9));
	t.like(resumed.events[0], { reason: "Resumed", message: "Job resumed" });
});

test("pods of a job that is suspended go, and are no failures", (t) => {
	const found = plan(job({ suspend: true }), [pod("a", "Running"), pod("b", "Running")]);
	t.deepEqual(names(found.remove), ["a", "b"]);
	t.deepEqual(names(found.end), []);
	t.like(found.status, { active: undefined, terminating: 2, failed: undefined, startTime: undefined });
});

test("an end is named, then let go, then counted", (t) => {
	const one = job({ completions: 1, parallelism: 1 });
	const named = plan(one, [pod("a", "Succeeded")]);
	t.deepEqual(named.status.uncountedTerminatedPods, { succeeded: ["a"] });
	t.deepEqual(types(named.status), ["SuccessCriteriaMet=True"]);
	t.deepEqual(names(named.release), ["a"]);
	t.is(named.status.succeeded, undefined);
	const counted = plan({ ...one, status: named.status }, [pod("a", "Succeeded", { isTracked: false })], 3);
	t.like(counted.status, { succeeded: 1, completionTime: at(3), uncountedTerminatedPods: {} });
	t.deepEqual(types(counted.status), ["SuccessCriteriaMet=True", "Complete=True"]);
	t.is(counted.events[0]?.reason, "Completed");
});

test("too many ends for one status are taken in turns", (t) => {
	const pods = Array.from({ length: MAX_UNCOUNTED + 1 }, (_, index) => pod(`p${index}`, "Succeeded"));
	const found = plan(job({ completions: MAX_UNCOUNTED + 1 }), pods);
	t.is(found.release.length, MAX_UNCOUNTED);
	t.like(found, { lookAgainIn: 0, create: [] });
	t.deepEqual(types(found.status), ["SuccessCriteriaMet=True"]);
});

test("without a number of completions one success ends it, when the others have ended too", (t) => {
	const queue = job({ completions: undefined });
	const left = plan(queue, [pod("a", "Succeeded"), pod("b", "Running")]);
	t.like(left, { create: [], remove: [], end: [] });
	t.deepEqual(types(left.status), []);
	const over = plan(queue, [pod("a", "Succeeded"), pod("b", "Failed")]);
	t.is(reason(over.status), "CompletionsReached");
});

test("failures are waited for, longer each time, until a pod succeeds", (t) => {
	const once = [pod("a", "Failed")];
	t.like(plan(job(), once, 1), { create: [], lookAgainIn: 9 * SECOND });
	t.is(plan(job(), once, 10).create.length, 2);
	const thrice = [pod("a", "Failed"), pod("b", "Failed"), pod("c", "Failed", { endedAt: 50 })];
	t.is(plan(job(), thrice, 60).lookAgainIn, 30 * SECOND);
	t.is(plan(job(), [...thrice, pod("d", "Succeeded", { endedAt: 55 })], 60).create.length, 2);
});

test("the limit of failures ends a job; its last pods are cut off and count", (t) => {
	const limited = job({ backoffLimit: 1 });
	const found = plan(limited, [pod("a", "Failed"), pod("b", "Failed"), pod("c", "Running")]);
	t.is(reason(found.status), "BackoffLimitExceeded");
	t.deepEqual(names(found.end), ["c"]);
	t.deepEqual(types(found.status), ["FailureTarget=True"]);
	const going = [pod("a", "Failed", { isTracked: false }), pod("b", "Failed", { isTracked: false })];
	const next = plan({ ...limited, status: found.status }, [...going, pod("c", "Running", { deletedAt: 1 })]);
	t.like(next.status, { failed: 2, terminating: 1, uncountedTerminatedPods: { failed: ["c"] } });
	t.deepEqual(types(next.status), ["FailureTarget=True"]);
	const last = plan({ ...limited, status: next.status }, going);
	t.like(last.status, { failed: 3, terminating: 0 });
	t.deepEqual(types(last.status), ["FailureTarget=True", "Failed=True"]);
	t.like(last.events[0], { type: "warning", message: "Job has reached the specified backoff limit" });
});

test("restarts in place count against the limit too", (t) => {
	const restarting = { name: "main", image: "i", imageID: "", ready: true, restartCount: 3 };
	const pods = [pod("a", "Running", { status: { phase: "Running", containerStatuses: [restarting] } })];
	const template = { spec: { restartPolicy: "OnFailure" as const, containers: [] } };
	t.is(reason(plan(job({ backoffLimit: 4, template }), pods).status), undefined);
	t.is(reason(plan(job({ backoffLimit: 3, template }), pods).status), "BackoffLimitExceeded");
	t.is(reason(plan(job({ backoffLimit: 3 }), pods).status), undefined);
});

test("a deadline is looked for when it comes, but not while the job is suspended", (t) => {
	t.is(plan(job({ activeDeadlineSeconds: 60 }), [], 20).lookAgainIn, 40 * SECOND);
	t.is(reason(plan(job({ activeDeadlineSeconds: 60 }), [], 60).status), "DeadlineExceeded");
	t.is(reason(plan(job({ activeDeadlineSeconds: 60, suspend: true }), [], 60).status), "JobSuspended");
});

test("deleted pods are replaced at once, or when they have ended, as the job says", (t) => {
	const one = { completions: 1, parallelism: 1 };
	const going = pod("a", "Running", { deletedAt: 0 });
	const now = plan(job(one), [going], 20);
	t.is(now.create.length, 1);
	t.like(now.status, { terminating: 1, uncountedTerminatedPods: { failed: ["a"] } });
	const later = plan(job({ ...one, podReplacementPolicy: "Failed" }), [going], 20);
	t.is(later.create.length, 0);
	t.like(later.status, { terminating: 1, uncountedTerminatedPods: {} });
});

test("rules of failures: those that are ignored, and those that end the job", (t) => {
	const podFailurePolicy = {
		rules: [
			{ action: "Ignore" as const, onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
			{ action: "FailJob" as const, onExitCodes: { operator: "In" as const, values: [42] } },
			{ action: "Count" as const, onExitCodes: { operator: "NotIn" as const, values: [1] } },
		],
	};
	const strict = job({ podFailurePolicy, backoffLimit: 0, podReplacementPolicy: "Failed" });
	const conditions = [{ type: "DisruptionTarget", status: "True" }];
	const evicted = pod("a", "Failed", { status: { phase: "Failed", conditions } });
	const ignored = plan(strict, [evicted]);
	t.deepEqual(names(ignored.release), ["a"]);
	t.deepEqual(ignored.status.uncountedTerminatedPods, {});
	t.deepEqual(types(ignored.status), []);
	t.like(plan(strict, [pod("b", "Failed", { exitCode: 42 })]).status.conditions?.[0], {
		type: "FailureTarget",
		reason: "PodFailurePolicy",
		message: "Container main for pod default/b failed with exit code 42 matching FailJob rule at index 1",
	});
	t.is(reason(plan(strict, [pod("c", "Failed", { exitCode: 3 })]).status), "BackoffLimitExceeded");
});

const indexed = (spec: Partial<Job["spec"]> = {}, status?: JobStatus) =>
	job({ completionMode: "Indexed", ...spec }, status);

test("indexes: the first that are open, one pod each, and none beyond", (t) => {
	const indexes = (of: Job, pods: readonly ReturnType<typeof pod>[]) =>
		plan(of, pods).create.map(({ index }) => index);
	t.deepEqual(indexes(indexed(), []), [0, 1]);
	t.deepEqual(
		indexes(indexed(), [pod("a", "Succeeded", { index: 0 }), pod("b", "Running", { index: 2 })]),
		[1],
	);
	const twice = [pod("a", "Running", { index: 0 }), pod("b", "Pending", { index: 0 }), pod("c", "Running")];
	t.deepEqual(names(plan(indexed(), twice).remove).toSorted(), ["b", "c"]);
	const done = plan(indexed({}, { startTime: at(0), completedIndexes: "0-2" }), [
		pod("d", "Succeeded", { index: 3 }),
	]);
	t.like(done.status, { completedIndexes: "0-3", succeeded: 4 });
	t.is(reason(done.status), "CompletionsReached");
});

test("an indexed job that shrinks forgets the indexes that it lost", (t) => {
	const shrunk = indexed({ completions: 2, parallelism: 2 }, { startTime: at(0), completedIndexes: "0,3" });
	const found = plan(shrunk, [pod("a", "Running", { index: 1 }), pod("b", "Running", { index: 2 })]);
	t.like(found.status, { completedIndexes: "0", succeeded: 1 });
	t.deepEqual(names(found.remove), ["b"]);
});

test("indexes fail by themselves, and are tried again knowing how often they have", (t) => {
	const limited = indexed({ backoffLimitPerIndex: 1, completions: 2, parallelism: 2, backoffLimit: 99 });
	const first = [pod("a", "Failed", { index: 0 }), pod("b", "Running", { index: 1 })];
	t.like(plan(limited, first, 4), { create: [], release: [], lookAgainIn: 6 * SECOND });
	const again = plan(limited, first, 10);
	t.deepEqual(again.create, [{ index: 0, failures: 1, ignoredFailures: 0 }]);
	t.like(podOfJob(limited, again.create[0] ?? {}).metadata.annotations, {
		[COMPLETION_INDEX]: "0",
		[INDEX_FAILURES]: "1",
		[INDEX_IGNORED_FAILURES]: undefined,
	});
	const last = pod("c", "Failed", { index: 0, annotations: { [INDEX_FAILURES]: "1" } });
	const failed = plan(limited, [...first, last], 10);
	t.is(failed.status.failedIndexes, "0");
	t.deepEqual(names(failed.release), ["a", "c"]);
	const over = plan(limited, [last, pod("b", "Succeeded", { index: 1 })], 10);
	t.is(reason(over.status), "FailedIndexes");
	t.is(
		reason(plan(indexed({ backoffLimitPerIndex: 0, maxFailedIndexes: 0 }), first).status),
		"MaxFailedIndexesExceeded",
	);
});

test("rules of success end a job before all of its indexes are done", (t) => {
	const pods = [
		pod("a", "Succeeded", { index: 0 }),
		pod("b", "Succeeded", { index: 2 }),
		pod("c", "Running", { index: 1 }),
	];
	const message = (rule: object) =>
		plan(indexed({ successPolicy: { rules: [{ succeededIndexes: "3" }, rule] } }), pods).status
			.conditions?.[0];
	t.like(message({ succeededIndexes: "0,2" }), {
		reason: "SuccessPolicy",
		message: "Matched rules at index 1",
	});
	t.like(message({ succeededIndexes: "0-1", succeededCount: 1 }), { reason: "SuccessPolicy" });
	t.like(message({ succeededCount: 2 }), { reason: "SuccessPolicy" });
	t.is(message({ succeededCount: 3 }), undefined);
	t.is(message({ succeededIndexes: "0-1" }), undefined);
});

test("pods of a job that is deleted are let go, and no others are made", (t) => {
	const going = job();
	const deleted = { ...going, metadata: { ...going.metadata, deletionTimestamp: at(1) } };
	const found = plan(deleted, [pod("a", "Running"), pod("b", "Succeeded")]);
	t.deepEqual(names(found.release), ["a", "b"]);
	t.like(found, { create: [], remove: [], end: [] });
});

test("conditions of others stay, and times change only with the state", (t) => {
	const conditions = [{ type: "Mine", status: "True" }];
	const waiting = plan(job({ suspend: true }, { conditions }), [], 1);
	t.deepEqual(types(waiting.status), ["Mine=True", "Suspended=True"]);
	t.deepEqual(plan(job({ suspend: true }, waiting.status), [], 9).status, waiting.status);
});
