/** Whether a job has come to its end, and why. Pure. */
import { type Job, type JobCondition, type Pod, parseTime } from "@berth/api";
import { judge } from "./failure-policy.ts";
import { countIndexes, countShared, type Indexes, parseIndexes } from "./indexes.ts";
import { failsByIndex, hasFailed } from "./job-pods.ts";
import type { Tally } from "./tally.ts";

/** Decided at the first of the two types; told by the second when no pod is left. */
export interface Ending {
	readonly decided: "FailureTarget" | "SuccessCriteriaMet";
	readonly final: "Failed" | "Complete";
	readonly reason: string;
	readonly message: string;
}

export const jobCondition = (job: Job, type: string): JobCondition | undefined =>
	job.status?.conditions?.find((condition) => condition.type === type && condition.status === "True");

export const isFinished = (job: Job): boolean =>
	jobCondition(job, "Complete") !== undefined || jobCondition(job, "Failed") !== undefined;

/** An end that an earlier look has decided, which stays. */
export function decidedEnding(job: Job): Ending | undefined {
	const success = jobCondition(job, "SuccessCriteriaMet");
	if (success) return succeeded(success.reason ?? "", success.message ?? "");
	const failure = jobCondition(job, "FailureTarget");
	return failure && failed(failure.reason ?? "", failure.message ?? "");
}

/** `active` pods are neither ended nor on their way out. */
export function newEnding(
	job: Job,
	pods: readonly Pod[],
	found: Tally,
	active: number,
	now: number,
): Ending | undefined {
	return failure(job, pods, found, now) ?? success(job, found, active);
}

function failure(job: Job, pods: readonly Pod[], found: Tally, now: number): Ending | undefined {
	const { spec } = job;
	const fatal = fatalFailure(job, pods);
	if (fatal !== undefined) return failed("PodFailurePolicy", fatal);
	if (found.failed > (spec.backoffLimit ?? 0) || hasRestartedTooOften(job, pods))
		return failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
	if (untilDeadline(job, now) === 0)
		return failed("DeadlineExceeded", "Job was active longer than specified deadline");
	if (!failsByIndex(job)) return undefined;
	const failedIndexes = countIndexes(found.failedIndexes);
	const most = spec.maxFailedIndexes ?? undefined;
	if (most !== undefined && failedIndexes > most)
		return failed(
			"MaxFailedIndexesExceeded",
			"Job has exceeded the specified maximal number of failed indexes",
		);
	return failedIndexes > 0 && failedIndexes + found.succeeded >= (spec.completions ?? 0)
		? failed("FailedIndexes", "Job has failed indexes")
		: undefined;
}

/** Milliseconds until the job has been active for too long; undefined: it never is. */
export function untilDeadline({ spec, status }: Job, now: number): number | undefined {
	const seconds = spec.activeDeadlineSeconds ?? undefined;
	if (seconds === undefined || !status?.startTime || spec.suspend) return undefined;
	return Math.max(0, parseTime(status.startTime) + seconds * 1000 - now);
}

function fatalFailure(job: Job, pods: readonly Pod[]): string | undefined {
	if (!job.spec.podFailurePolicy) return undefined;
	for (const pod of pods) {
		const verdict = hasFailed(pod, job) ? judge(job, pod) : undefined;
		if (verdict?.action === "FailJob") return verdict.message;
	}
	return undefined;
}

/** Pods that restart their containers themselves do not fail: their restarts count in place. */
function hasRestartedTooOften({ spec }: Job, pods: readonly Pod[]): boolean {
	if (spec.template.spec?.restartPolicy !== "OnFailure") return false;
	let restarts = 0;
	for (const { status } of pods) {
		if (status?.phase !== "Running" && status?.phase !== "Pending") continue;
		for (const container of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
			restarts += container.restartCount;
	}
	const limit = spec.backoffLimit ?? 0;
	return limit === 0 ? restarts > 0 : restarts >= limit;
}

function success(job: Job, found: Tally, active: number): Ending | undefined {
	const { completions, successPolicy } = job.spec;
	const rule = (successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) =>
		isMet(
			found.succeededIndexes,
			succeededIndexes ?? undefined,
			succeededCount ?? undefined,
			completions ?? 0,
		),
	);
	if (rule >= 0) return succeeded("SuccessPolicy", `Matched rules at index ${rule}`);
	// Without a number of completions one success tells the other pods to come to an end.
	const isComplete =
		completions === undefined || completions === null
			? found.succeeded > 0 && active === 0
			: found.succeeded >= completions;
	return isComplete
		? succeeded("CompletionsReached", "Reached expected number of succeeded pods")
		: undefined;
}

function isMet(done: Indexes, named: string | undefined, count: number | undefined, completions: number) {
	if (named === undefined) return count !== undefined && countIndexes(done) >= count;
	const wanted = parseIndexes(named, completions);
	return countShared(wanted, done) >= (count ?? countIndexes(wanted));
}

const failed = (reason: string, message: string): Ending => ({
	decided: "FailureTarget",
	final: "Failed",
	reason,
	message,
});

const succeeded = (reason: string, message: string): Ending => ({
	decided: "SuccessCriteriaMet",
	final: "Complete",
	reason,
	message,
});
