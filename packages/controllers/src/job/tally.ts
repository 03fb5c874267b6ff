/**
 * Counts each pod's end exactly once, whenever the controller dies. A pod that has ended keeps the job's finalizer until
 * the status names it (`uncountedTerminatedPods`, or its index); then the finalizer goes; and only when it is seen to be
 * gone does the name become a number. Each of these steps can be repeated. Pure. KEP-2307.
 */
import type { Job, Pod } from "@berth/api";
import { judge } from "./failure-policy.ts";
import { countIndexes, hasIndex, type Indexes, NO_INDEXES, parseIndexes, withIndexes } from "./indexes.ts";
import {
	failsByIndex,
	hasFailed,
	indexFailures,
	indexIgnoredFailures,
	indexOf,
	isIndexed,
	isTracked,
} from "./job-pods.ts";

/** Ends that are taken into one status at most, so that it stays small; the rest follows at once. */
export const MAX_UNCOUNTED = 500;

export interface Tally {
	/** All that have ended, whether the numbers below have them yet or not. Of an indexed job: indexes that succeeded. */
	readonly succeeded: number;
	readonly failed: number;
	/** For the status. */
	readonly counted: { readonly succeeded: number; readonly failed: number };
	readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
	readonly succeededIndexes: Indexes;
	readonly failedIndexes: Indexes;
	/** To be let go once the status is written. */
	readonly release: readonly Pod[];
	/** More have ended than one status may name. */
	readonly isCut: boolean;
	/** Of indexes that are to be tried again: the last pod that failed, kept because it knows how often they have. */
	readonly lastFailures: ReadonlyMap<number, Pod>;
}

/** `isOver`: the job's end is decided, so nothing is tried again. */
export function tally(job: Job, pods: readonly Pod[], isOver: boolean): Tally {
	const { status = {} } = job;
	const tracked = pods.filter(isTracked);
	const trackedUids = new Set(tracked.map(({ metadata }) => metadata.uid));
	const settle = (uids: readonly string[] = []) => ({
		open: uids.filter((uid) => trackedUids.has(uid)),
		done: uids.filter((uid) => !trackedUids.has(uid)).length,
	});
	const succeeded = settle(status.uncountedTerminatedPods?.succeeded);
	const failed = settle(status.uncountedTerminatedPods?.failed);
	const indexes = indexesOf(job, tracked);
	const lastFailures =
		failsByIndex(job) && !isOver && !job.metadata.deletionTimestamp
			? lastFailuresOf(job, tracked, indexes)
			: new Map<number, Pod>();

	const fresh = { succeeded: [] as string[], failed: [] as string[] };
	const later = { succeeded: 0, failed: 0 };
	const named = new Set([...succeeded.open, ...failed.open]);
	const kept = new Set(lastFailures.values());
	const release: Pod[] = [];
	let room = MAX_UNCOUNTED;
	let isCut = false;
	for (const pod of tracked) {
		const { uid } = pod.metadata;
		const end = named.has(uid) ? "named" : endOf(pod, job);
		if (end === "none") continue;
		if (end === "named") {
			release.push(pod);
		} else if (room > 0 && !kept.has(pod)) {
			room--;
			release.push(pod);
			if (end !== "uncounted") fresh[end].push(uid);
		} else {
			isCut ||= !kept.has(pod);
			if (end !== "uncounted") later[end]++;
		}
	}
	const counted = {
		succeeded: isIndexed(job) ? countIndexes(indexes.succeeded) : (status.succeeded ?? 0) + succeeded.done,
		failed: (status.failed ?? 0) + failed.done,
	};
	const uncounted = {
		succeeded: [...succeeded.open, ...fresh.succeeded],
		failed: [...failed.open, ...fresh.failed],
	};
	return {
		succeeded: counted.succeeded + uncounted.succeeded.length + later.succeeded,
		failed: counted.failed + uncounted.failed.length + later.failed,
		counted,
		uncounted,
		succeededIndexes: indexes.succeeded,
		failedIndexes: indexes.failed,
		release,
		isCut,
		lastFailures,
	};
}

/** `uncounted`: it has ended, but is no number: its index is, or a rule says that it does not count. */
type End = "none" | "succeeded" | "failed" | "uncounted" | "named";

function endOf(pod: Pod, job: Job): End {
	if (pod.status?.phase === "Succeeded") return isIndexed(job) ? "uncounted" : "succeeded";
	if (!hasFailed(pod, job)) return job.metadata.deletionTimestamp ? "uncounted" : "none";
	if (isIndexed(job) && indexOf(pod, job) === undefined) return "uncounted";
	return judge(job, pod)?.action === "Ignore" ? "uncounted" : "failed";
}

interface IndexesOfJob {
	readonly succeeded: Indexes;
	readonly failed: Indexes;
}

function indexesOf(job: Job, tracked: readonly Pod[]): IndexesOfJob {
	if (!isIndexed(job)) return { succeeded: NO_INDEXES, failed: NO_INDEXES };
	const limit = job.spec.completions ?? 0;
	const ended = (isSo: (pod: Pod) => boolean) =>
		tracked
			.filter(isSo)
			.map((pod) => indexOf(pod, job))
			.filter((index) => index !== undefined);
	const succeeded = withIndexes(
		parseIndexes(job.status?.completedIndexes, limit),
		ended((pod) => pod.status?.phase === "Succeeded"),
	);
	if (!failsByIndex(job)) return { succeeded, failed: NO_INDEXES };
	const given = ended((pod) => hasGivenUp(pod, job)).filter((index) => !hasIndex(succeeded, index));
	return { succeeded, failed: withIndexes(parseIndexes(job.status?.failedIndexes, limit), given) };
}

/** The index of this pod is not tried again. */
function hasGivenUp(pod: Pod, job: Job): boolean {
	if (!hasFailed(pod, job)) return false;
	const action = judge(job, pod)?.action;
	if (action === "FailIndex") return true;
	return action !== "Ignore" && indexFailures(pod) >= (job.spec.backoffLimitPerIndex ?? 0);
}

function lastFailuresOf(
	job: Job,
	tracked: readonly Pod[],
	{ succeeded, failed }: IndexesOfJob,
): ReadonlyMap<number, Pod> {
	const last = new Map<number, Pod>();
	for (const pod of tracked) {
		const index = indexOf(pod, job);
		if (index === undefined || hasIndex(succeeded, index) || hasIndex(failed, index)) continue;
		const known = last.get(index);
		if (!known || attempt(pod) > attempt(known)) last.set(index, pod);
	}
	for (const [index, pod] of last) if (!hasFailed(pod, job)) last.delete(index);
	return last;
}

/** Pods of one index in the order in which they were made. */
const attempt = (pod: Pod) => indexFailures(pod) + indexIgnoredFailures(pod);
