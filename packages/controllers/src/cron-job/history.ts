/** Which finished jobs of a cron job are more than it keeps. Pure. */
import { type CronJob, type Job, parseTime } from "@berth/api";
import { jobCondition } from "../job/ending.ts";

export function pastHistory({ spec }: CronJob, jobs: readonly Job[]): readonly Job[] {
	const kept = jobs.filter(({ metadata }) => !metadata.deletionTimestamp);
	return [
		...beyond(
			kept.filter((job) => jobCondition(job, "Complete")),
			spec.successfulJobsHistoryLimit,
		),
		...beyond(
			kept.filter((job) => jobCondition(job, "Failed")),
			spec.failedJobsHistoryLimit,
		),
	];
}

/** The oldest go first; without a limit all stay. */
function beyond(jobs: readonly Job[], limit: number | undefined | null): readonly Job[] {
	if (limit === undefined || limit === null || jobs.length <= limit) return [];
	const oldestFirst = jobs.toSorted(
		(a, b) => began(a) - began(b) || (a.metadata.name < b.metadata.name ? -1 : 1),
	);
	return oldestFirst.slice(0, jobs.length - limit);
}

const began = ({ metadata, status }: Job) => parseTime(status?.startTime ?? metadata.creationTimestamp);
