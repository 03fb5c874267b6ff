/** What a job needs next: pods more or fewer, the status to write, pods to let go, and what to tell. Pure. */
import { formatTime, isPodReady, type Job, type JobCondition, type JobStatus, type Pod } from "@berth/api";
import { decidedEnding, type Ending, newEnding, untilDeadline } from "./ending.ts";
import { formatIndexes } from "./indexes.ts";
import { failsByIndex, isActive, isIndexed, isTerminating } from "./job-pods.ts";
import { type PodOrder, type Sizes, sizesOf } from "./sizes.ts";
import { type Tally, tally } from "./tally.ts";

export interface JobPlan {
	readonly create: readonly PodOrder[];
	/** Too many: let go first, then deleted, so that their end does not count. */
	readonly remove: readonly Pod[];
	/** The job is over: deleted as they are, so that their end counts. */
	readonly end: readonly Pod[];
	/** With pods as they are after `remove` and `end`, and before `create`. */
	readonly status: JobStatus;
	/** Ended, and to be let go once the status is written. */
	readonly release: readonly Pod[];
	/** To tell once the status is written. */
	readonly events: readonly JobEvent[];
	/** Milliseconds until time alone changes something. */
	readonly lookAgainIn: number | undefined;
}

export interface JobEvent {
	readonly type: "normal" | "warning";
	readonly reason: string;
	readonly message: string;
}

/** `pods` are all that the job controls. */
export function planJob(job: Job, pods: readonly Pod[], now: number): JobPlan {
	const started = job.spec.suspend || job.status?.startTime ? job : withStart(job, now);
	const active = pods.filter(isActive);
	const decided = decidedEnding(job);
	const found = tally(job, pods, decided !== undefined);
	const isGoing = job.metadata.deletionTimestamp !== undefined;
	const sizes = decided || isGoing ? undefined : sizesOf(started, pods, active, found, now);
	const left = active.length - (sizes?.remove.length ?? 0) + (sizes?.create.length ?? 0);
	const ending = decided ?? newEnding(started, pods, found, left, now);
	const { create, remove, end } = changesOf(ending, isGoing, active, sizes);
	const gone = new Set([...end, ...remove]);
	const stay = active.filter((pod) => !gone.has(pod));
	const leaving = pods.filter((pod) => isTerminating(pod) || gone.has(pod)).length;
	const uncounted = found.release.length + found.lastFailures.size;
	const isFinal = ending !== undefined && stay.length + leaving + uncounted === 0 && !found.isCut;
	const { conditions, events, isResumed } = conditionsOf(started, ending, isFinal, now);
	const waits = [
		found.isCut ? 0 : undefined,
		ending ? undefined : untilDeadline(started, now),
		ending ? undefined : sizes?.lookAgainIn,
	].filter((wait) => wait !== undefined);
	return {
		create,
		remove,
		end,
		status: {
			...(conditions.length ? { conditions } : {}),
			...startOf(started, { isResumed, isOver: ending !== undefined, isFinal }, now),
			...(isFinal && ending.final === "Complete" ? { completionTime: formatTime(now) } : {}),
			...countsOf(job, found),
			...(stay.length ? { active: stay.length } : {}),
			ready: stay.filter(isPodReady).length,
			terminating: leaving,
		},
		release: found.release,
		events,
		lookAgainIn: waits.length ? Math.min(...waits) : undefined,
	};
}

const withStart = (job: Job, now: number): Job => ({
	...job,
	status: { ...job.status, startTime: formatTime(now) },
});

function changesOf(
	ending: Ending | undefined,
	isGoing: boolean,
	active: readonly Pod[],
	sizes: Sizes | undefined,
): Pick<JobPlan, "create" | "remove" | "end"> {
	// Its pods go with it.
	if (isGoing) return { create: [], remove: [], end: [] };
	if (!ending) return { create: sizes?.create ?? [], remove: sizes?.remove ?? [], end: [] };
	// When all is done what still runs was one too many; in any other case it is cut off.
	const isEnough = ending.reason === "CompletionsReached";
	return { create: [], remove: isEnough ? active : [], end: isEnough ? [] : active };
}

/** A job that waits has not begun; one that is resumed begins anew; one that ends has begun, if only for that. */
function startOf(
	{ spec, status }: Job,
	how: { readonly isResumed: boolean; readonly isOver: boolean; readonly isFinal: boolean },
	now: number,
): Pick<JobStatus, "startTime"> {
	if (how.isResumed || (how.isFinal && !status?.startTime)) return { startTime: formatTime(now) };
	return status?.startTime && (how.isOver || !spec.suspend) ? { startTime: status.startTime } : {};
}

/** Counters that are zero are absent once stored. */
function countsOf(job: Job, found: Tally): Partial<JobStatus> {
	const { succeeded, failed } = found.uncounted;
	const completedIndexes = formatIndexes(found.succeededIndexes);
	return {
		...(found.counted.succeeded ? { succeeded: found.counted.succeeded } : {}),
		...(found.counted.failed ? { failed: found.counted.failed } : {}),
		...(isIndexed(job) && completedIndexes ? { completedIndexes } : {}),
		...(failsByIndex(job) ? { failedIndexes: formatIndexes(found.failedIndexes) } : {}),
		uncountedTerminatedPods: {
			...(succeeded.length ? { succeeded } : {}),
			...(failed.length ? { failed } : {}),
		},
	};
}

function conditionsOf(job: Job, ending: Ending | undefined, isFinal: boolean, now: number) {
	let conditions: readonly JobCondition[] = job.status?.conditions ?? [];
	const events: JobEvent[] = [];
	let isResumed = false;
	const set = (type: string, status: "True" | "False", reason: string, message: string): boolean => {
		const old = conditions.find((condition) => condition.type === type);
		if (old?.status === status && old.reason === reason && old.message === message) return false;
		const time = formatTime(now);
		const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? time) : time;
		const next = { type, status, lastProbeTime: time, lastTransitionTime, reason, message };
		conditions = old
			? conditions.map((condition) => (condition === old ? next : condition))
			: [...conditions, next];
		return true;
	};
	if (ending) {
		const { decided, final, reason, message } = ending;
		set(decided, "True", reason, message);
		if (isFinal && set(final, "True", reason, message))
			events.push(
				final === "Complete"
					? { type: "normal", reason: "Completed", message: "Job completed" }
					: { type: "warning", reason, message },
			);
	} else if (job.spec.suspend) {
		if (set("Suspended", "True", "JobSuspended", "Job suspended"))
			events.push({ type: "normal", reason: "Suspended", message: "Job suspended" });
	} else if (conditions.some(({ type, status }) => type === "Suspended" && status === "True")) {
		isResumed = set("Suspended", "False", "JobResumed", "Job resumed");
		events.push({ type: "normal", reason: "Resumed", message: "Job resumed" });
	}
	return { conditions, events, isResumed };
}
