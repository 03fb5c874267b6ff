/** Which pods a job that goes on makes, and which of its pods are too many. Pure. */
import type { Job, Pod } from "@berth/api";
import { victims } from "../replicaset/victims.ts";
import { backoffOfIndex, backoffOfJob } from "./backoff.ts";
import { judge } from "./failure-policy.ts";
import { firstIndexes, hasIndex, union } from "./indexes.ts";
import {
	failsByIndex,
	indexFailures,
	indexIgnoredFailures,
	indexOf,
	isIndexed,
	isTerminating,
	isTracked,
	replacesOnlyEnded,
} from "./job-pods.ts";
import type { Tally } from "./tally.ts";

/** Pods created or deleted in one go at most; the rest follows at once, with the queue in between. */
export const BURST = 500;

/** A pod to make. */
export interface PodOrder {
	readonly index?: number;
	/** How often the index has failed, of jobs that limit that. */
	readonly failures?: number;
	readonly ignoredFailures?: number;
}

export interface Sizes {
	readonly create: readonly PodOrder[];
	/** Too many; that they end is not a failure. */
	readonly remove: readonly Pod[];
	/** Milliseconds until failures let further pods be made. */
	readonly lookAgainIn: number | undefined;
}

export function sizesOf(
	job: Job,
	pods: readonly Pod[],
	active: readonly Pod[],
	found: Tally,
	now: number,
): Sizes {
	const { spec } = job;
	if (spec.suspend) return { create: [], remove: active.slice(0, BURST), lookAgainIn: undefined };
	const wanted = wantedActive(job, active.length, found.succeeded);
	const surplus = surplusOf(job, active, wanted, found);
	if (surplus.length) return { create: [], remove: surplus.slice(0, BURST), lookAgainIn: undefined };
	const leaving = replacesOnlyEnded(job) ? pods.filter(isTerminating) : [];
	const missing = Math.min(BURST, wanted - active.length - leaving.length);
	if (missing <= 0) return { create: [], remove: [], lookAgainIn: undefined };
	if (failsByIndex(job)) return indexesToTry(job, [...active, ...leaving], found, missing, now);
	const wait = backoffOfJob(job, pods, now);
	if (wait > 0) return { create: [], remove: [], lookAgainIn: wait };
	const create: readonly PodOrder[] = isIndexed(job)
		? openIndexes(job, [...active, ...leaving], found, missing).map((index) => ({ index }))
		: Array.from({ length: missing }, () => ({}));
	return { create, remove: [], lookAgainIn: undefined };
}

function wantedActive({ spec }: Job, active: number, succeeded: number): number {
	const parallelism = spec.parallelism ?? 1;
	const completions = spec.completions ?? undefined;
	if (completions === undefined) return succeeded > 0 ? Math.min(active, parallelism) : parallelism;
	return Math.max(0, Math.min(parallelism, completions - succeeded));
}

/** Pods that no longer count, then pods of an index that has a better one, then as many as are too many. */
function surplusOf(job: Job, active: readonly Pod[], wanted: number, found: Tally): readonly Pod[] {
	const lost = active.filter((pod) => !isTracked(pod));
	const needless = isIndexed(job) ? needlessOf(job, active.filter(isTracked), found) : [];
	const gone = new Set([...lost, ...needless]);
	const rest = active.filter((pod) => !gone.has(pod));
	return [...gone, ...(rest.length > wanted ? victims(rest, rest.length - wanted) : [])];
}

function needlessOf(job: Job, active: readonly Pod[], found: Tally): readonly Pod[] {
	const byIndex = Map.groupBy(active, (pod) => indexOf(pod, job));
	return [...byIndex].flatMap(([index, pods]) =>
		index === undefined || hasIndex(found.succeededIndexes, index) || hasIndex(found.failedIndexes, index)
			? pods
			: pods.length > 1
				? victims(pods, pods.length - 1)
				: [],
	);
}

function openIndexes(job: Job, taken: readonly Pod[], found: Tally, count: number): number[] {
	const busy = new Set(taken.map((pod) => indexOf(pod, job)));
	const over = union(found.succeededIndexes, found.failedIndexes);
	return firstIndexes(count, job.spec.completions ?? 0, over, (index) => !busy.has(index));
}

/** Indexes that fail wait each for itself; those that need not wait go first. */
function indexesToTry(job: Job, taken: readonly Pod[], found: Tally, count: number, now: number): Sizes {
	const create: PodOrder[] = [];
	const waits: number[] = [];
	for (const index of openIndexes(job, taken, found, count + found.lastFailures.size)) {
		const last = found.lastFailures.get(index);
		const wait = last ? backoffOfIndex(last, now) : 0;
		if (wait > 0) waits.push(wait);
		else if (create.length < count) create.push({ index, ...failuresAfter(job, last) });
	}
	return { create, remove: [], lookAgainIn: waits.length ? Math.min(...waits) : undefined };
}

function failuresAfter(job: Job, last: Pod | undefined) {
	if (!last) return { failures: 0, ignoredFailures: 0 };
	const isIgnored = judge(job, last)?.action === "Ignore";
	return {
		failures: indexFailures(last) + (isIgnored ? 0 : 1),
		ignoredFailures: indexIgnoredFailures(last) + (isIgnored ? 1 : 0),
	};
}
