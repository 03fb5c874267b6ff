/** What a cron job needs now: a job to make, jobs to delete, the status to write, and when to look again. Pure. */
import {
	type CronJob,
	type CronJobStatus,
	formatTime,
	isTimeZone,
	type Job,
	type ObjectReference,
	parseTime,
	ScheduleError,
} from "@berth/api";
import { isFinished, jobCondition } from "../job/ending.ts";
import { pastHistory } from "./history.ts";
import { type Times, timesOf } from "./schedule.ts";
import { formatMailDate, formatZoned } from "./zoned-time.ts";

/** Annotation of a job: for when it was made. */
export const SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp";

export interface CronJobPlan {
	/** What is known of jobs that are there; `due` is not in it. */
	readonly status: CronJobStatus;
	/** The time for which a job is to be made, in milliseconds since the epoch. */
	readonly due: number | undefined;
	/** More than the history keeps, and what the job that is due replaces. */
	readonly remove: readonly Job[];
	readonly events: readonly CronJobEvent[];
	/** Milliseconds until time alone changes something. */
	readonly lookAgainIn: number | undefined;
}

export interface CronJobEvent {
	readonly type: "normal" | "warning";
	readonly reason: string;
	readonly message: string;
}

/** So many missed starts and more are told: clocks that jump look like it. */
const MANY_MISSED = 100;

/** `jobs` are all that the cron job controls. */
export function planCronJob(cronJob: CronJob, jobs: readonly Job[], now: number): CronJobPlan {
	const events: CronJobEvent[] = [];
	const status = statusOf(cronJob, jobs, events);
	const remove = pastHistory(cronJob, jobs);
	const idle = { status, due: undefined, remove, events, lookAgainIn: undefined };
	if (cronJob.metadata.deletionTimestamp || cronJob.spec.suspend) return idle;
	const times = readSchedule(cronJob, events);
	if (!times) return idle;
	const due = dueTime({ ...cronJob, status }, times, now, events);
	const next = times.after(now);
	const lookAgainIn = next === undefined ? undefined : next - now;
	if (due === undefined) return { ...idle, lookAgainIn };
	const active = status.active ?? [];
	if (cronJob.spec.concurrencyPolicy === "Forbid" && active.length > 0) {
		events.push({
			type: "normal",
			reason: "JobAlreadyActive",
			message: "Not starting job because prior execution is running and concurrency policy is Forbid",
		});
		return { ...idle, lookAgainIn };
	}
	if (cronJob.spec.concurrencyPolicy !== "Replace") return { ...idle, due, lookAgainIn };
	const replaced = new Set(active.map(({ uid }) => uid));
	const { active: _, ...rest } = status;
	return {
		status: rest,
		due,
		remove: [...remove, ...jobs.filter(({ metadata }) => replaced.has(metadata.uid))],
		events,
		lookAgainIn,
	};
}

/** Named by the minute: made twice for one time, the second is refused. */
export const nameFor = ({ metadata }: CronJob, time: number): string =>
	`${metadata.name}-${Math.floor(time / 60_000)}`;

export const scheduledAt = ({ spec }: CronJob, time: number): string =>
	formatZoned(time, spec.timeZone ?? undefined);

/** The status once the job for this time is there. */
export const withJob = (status: CronJobStatus, job: Job, time: number): CronJobStatus => ({
	...status,
	active: [
		...(status.active ?? []).filter(({ uid }) => uid !== job.metadata.uid),
		...(isFinished(job) ? [] : [referenceTo(job)]),
	],
	lastScheduleTime: formatTime(time),
});

function statusOf(cronJob: CronJob, jobs: readonly Job[], events: CronJobEvent[]): CronJobStatus {
	const { active: known = [], ...rest } = cronJob.status ?? {};
	const byUid = new Map(jobs.map((job) => [job.metadata.uid, job]));
	const active = known.filter((reference) => {
		const job = byUid.get(reference.uid ?? "");
		if (!job) {
			const message = `Active job went missing: ${reference.name}`;
			events.push({ type: "normal", reason: "MissingJob", message });
		} else if (isFinished(job)) {
			const condition = jobCondition(job, "Complete") ? "Complete" : "Failed";
			const message = `Saw completed job: ${reference.name}, condition: ${condition}`;
			events.push({ type: "normal", reason: "SawCompletedJob", message });
		}
		return job && !isFinished(job);
	});
	let last = rest.lastScheduleTime ? parseTime(rest.lastScheduleTime) : undefined;
	let succeeded = rest.lastSuccessfulTime ? parseTime(rest.lastSuccessfulTime) : undefined;
	for (const job of jobs) {
		const ended = jobCondition(job, "Complete") && job.status?.completionTime;
		if (ended) succeeded = Math.max(succeeded ?? 0, parseTime(ended));
		// Made just before this controller died: it is known by its name, and its time is done.
		const time = timeOf(cronJob, job);
		if (time !== undefined) last = Math.max(last ?? 0, time);
		if (isFinished(job) || known.some(({ uid }) => uid === job.metadata.uid)) continue;
		if (time !== undefined) {
			active.push(referenceTo(job));
		} else {
			const message = `Saw a job that the controller did not create or forgot: ${job.metadata.name}`;
			events.push({ type: "warning", reason: "UnexpectedJob", message });
		}
	}
	return {
		...(active.length ? { active } : {}),
		...(last === undefined ? {} : { lastScheduleTime: formatTime(last) }),
		...(succeeded === undefined ? {} : { lastSuccessfulTime: formatTime(succeeded) }),
	};
}

/** The time for which the job was made; undefined when somebody else made it. */
function timeOf(cronJob: CronJob, { metadata }: Job): number | undefined {
	const text = metadata.annotations?.[SCHEDULED_AT];
	if (text === undefined) return undefined;
	try {
		const time = parseTime(text);
		return metadata.name === nameFor(cronJob, time) ? time : undefined;
	} catch {
		return undefined;
	}
}

const referenceTo = ({ metadata }: Job): ObjectReference => ({
	apiVersion: "batch/v1",
	kind: "Job",
	namespace: metadata.namespace,
	name: metadata.name,
	uid: metadata.uid,
	resourceVersion: metadata.resourceVersion,
});

function readSchedule({ spec }: CronJob, events: CronJobEvent[]): Times | undefined {
	const schedule = spec.schedule ?? "";
	if (schedule.includes("TZ"))
		events.push({
			type: "warning",
			reason: "UnsupportedSchedule",
			message: `CRON_TZ or TZ used in schedule ${JSON.stringify(schedule)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
		});
	const timeZone = spec.timeZone ?? undefined;
	if (timeZone !== undefined && !isTimeZone(timeZone)) {
		const message = `invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone ${timeZone}`;
		events.push({ type: "warning", reason: "UnknownTimeZone", message });
		return undefined;
	}
	try {
		return timesOf(schedule, timeZone);
	} catch (error) {
		if (!(error instanceof ScheduleError)) throw error;
		const message = `unparseable schedule: ${JSON.stringify(schedule)} : ${error.message}`;
		events.push({ type: "warning", reason: "UnparseableSchedule", message });
		return undefined;
	}
}

/** The latest time that is not done; what was missed before it is left out. */
function dueTime(
	{ metadata, spec, status }: CronJob,
	times: Times,
	now: number,
	events: CronJobEvent[],
): number | undefined {
	const deadline = spec.startingDeadlineSeconds ?? undefined;
	const last = parseTime(status?.lastScheduleTime ?? metadata.creationTimestamp);
	const from = deadline === undefined ? last : Math.max(last, now - deadline * 1000);
	const due = times.latest(from, now);
	if (due === undefined) {
		const late = deadline === undefined ? undefined : times.latest(last, now);
		if (late !== undefined)
			events.push({
				type: "warning",
				reason: "MissSchedule",
				message: `Missed scheduled time to start a job: ${formatMailDate(late)}`,
			});
		return undefined;
	}
	if (isMany(times, from, now))
		events.push({
			type: "warning",
			reason: "TooManyMissedTimes",
			message:
				"too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
		});
	return due;
}

function isMany(times: Times, from: number, now: number): boolean {
	let time: number | undefined = from;
	for (let missed = 0; missed <= MANY_MISSED; missed++) {
		time = times.after(time);
		if (time === undefined || time > now) return false;
	}
	return true;
}
