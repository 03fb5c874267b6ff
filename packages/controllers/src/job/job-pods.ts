/** What is asked of a job, and of one of its pods, wherever jobs are worked on. Pure. */
import { isPodTerminal, type Job, type Pod, parseTime, podCondition } from "@berth/api";

/** Keeps a pod until its end has been counted. */
export const TRACKING = "batch.kubernetes.io/job-tracking";
/** Annotation and label of the pods of an indexed job. */
export const COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index";
/** Annotations: how often the index had failed before this pod, with failures that count and with ignored ones. */
export const INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";
export const INDEX_IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";

/** Value of `managedBy` that means this controller, as does none. */
const OURS = "kubernetes.io/job-controller";

export const isOurs = ({ spec }: Job): boolean => (spec.managedBy ?? OURS) === OURS;

export const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(TRACKING) ?? false;

/** Neither ended nor on its way out. */
export const isActive = (pod: Pod): boolean => !isPodTerminal(pod) && !pod.metadata.deletionTimestamp;

/** On its way out and not ended yet. */
export const isTerminating = (pod: Pod): boolean =>
	pod.metadata.deletionTimestamp !== undefined && !isPodTerminal(pod);

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === "Indexed";

/** Indexes fail and are retried by themselves. */
export const failsByIndex = ({ spec }: Job): boolean =>
	spec.backoffLimitPerIndex !== undefined && spec.backoffLimitPerIndex !== null;

/** Pods are replaced only when they have ended, not when they are on their way out. */
export const replacesOnlyEnded = ({ spec }: Job): boolean => spec.podReplacementPolicy === "Failed";

/**
 * Whether the pod has failed. Deleted pods may never reach a final phase: unless users want to wait for it they count at
 * once, and otherwise when they never began.
 */
export function hasFailed(pod: Pod, job: Job): boolean {
	const phase = pod.status?.phase;
	if (phase === "Failed") return true;
	if (!pod.metadata.deletionTimestamp || phase === "Succeeded") return false;
	return !replacesOnlyEnded(job) || phase === "Pending";
}

/** Undefined when the pod names none, or none of this job. */
export function indexOf(pod: Pod, job: Job): number | undefined {
	const text = pod.metadata.annotations?.[COMPLETION_INDEX];
	if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
	const index = Number(text);
	return index < (job.spec.completions ?? 0) ? index : undefined;
}

export const indexFailures = (pod: Pod): number => countIn(pod, INDEX_FAILURES);
export const indexIgnoredFailures = (pod: Pod): number => countIn(pod, INDEX_IGNORED_FAILURES);

function countIn({ metadata }: Pod, annotation: string): number {
	const text = metadata.annotations?.[annotation] ?? "";
	return /^\d{1,10}$/.test(text) ? Number(text) : 0;
}

/** When the pod ended, or at least stopped being of use, in milliseconds since the epoch. */
export function finishedAt(pod: Pod): number {
	const statuses = pod.status?.containerStatuses ?? [];
	const ends = statuses.map(({ state }) => state?.terminated?.finishedAt);
	if (ends.length && ends.every((end) => end)) return Math.max(...ends.map((end) => parseTime(end ?? "")));
	const ready = podCondition(pod, "Ready");
	if (ready?.status === "False" && ready.lastTransitionTime) return parseTime(ready.lastTransitionTime);
	const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = pod.metadata;
	return deletionTimestamp
		? parseTime(deletionTimestamp) - (deletionGracePeriodSeconds ?? 0) * 1000
		: parseTime(creationTimestamp);
}
