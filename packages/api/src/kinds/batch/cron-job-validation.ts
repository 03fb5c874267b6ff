/** Validation of cron jobs. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { nonNegative } from "../field-checks.ts";
import type { CronJob, CronJobSpec } from "./cron-job.ts";
import { isTimeZone, parseSchedule, ScheduleError } from "./cron-schedule.ts";
import { validateJobTemplate } from "./job-validation.ts";

/** Jobs are named after their cron job and the minute: eleven more characters. */
const LONGEST_NAME = 52;

export const validateCronJobCreate = (job: CronJob): FieldError[] => [
	...(job.metadata.name.length > LONGEST_NAME
		? [invalidValue("metadata.name", job.metadata.name, `must be no more than ${LONGEST_NAME} characters`)]
		: []),
	...timeErrors(job.spec, undefined),
];

/** What was said of time before such rules were made may stay. */
export const validateCronJobUpdate = ({ spec }: CronJob, { spec: old }: CronJob): FieldError[] =>
	timeErrors(spec, old);

export const validateCronJob = ({ spec }: CronJob): FieldError[] => [
	...nonNegative("spec.startingDeadlineSeconds", spec.startingDeadlineSeconds),
	...(spec.concurrencyPolicy ? [] : [required("spec.concurrencyPolicy")]),
	...(spec.jobTemplate?.spec ? validateJobTemplate(spec.jobTemplate.spec, "spec.jobTemplate.spec") : []),
	...nonNegative("spec.successfulJobsHistoryLimit", spec.successfulJobsHistoryLimit),
	...nonNegative("spec.failedJobsHistoryLimit", spec.failedJobsHistoryLimit),
];

const timeErrors = (spec: CronJobSpec, old: CronJobSpec | undefined): FieldError[] => [
	...(spec.schedule
		? scheduleErrors(spec.schedule, spec.timeZone, old?.schedule?.includes("TZ") ?? false)
		: [required("spec.schedule")]),
	...(old && (old.timeZone ?? null) === (spec.timeZone ?? null)
		? []
		: timeZoneErrors(spec.timeZone, "spec.timeZone")),
];

function scheduleErrors(
	schedule: string,
	timeZone: string | undefined | null,
	allowsZone: boolean,
): FieldError[] {
	const field = "spec.schedule";
	const problem = problemOf(schedule);
	const namesZone = schedule.includes("TZ");
	return [
		...(problem === undefined ? [] : [invalidValue(field, schedule, problem)]),
		...(namesZone && allowsZone && timeZone !== undefined && timeZone !== null
			? [invalidValue(field, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule")]
			: []),
		...(namesZone && !allowsZone
			? [invalidValue(field, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")]
			: []),
	];
}

function problemOf(schedule: string): string | undefined {
	try {
		parseSchedule(schedule);
		return undefined;
	} catch (error) {
		if (error instanceof ScheduleError) return error.message;
		throw error;
	}
}

function timeZoneErrors(timeZone: string | undefined | null, field: string): FieldError[] {
	if (timeZone === undefined || timeZone === null) return [];
	if (timeZone === "") return [invalidValue(field, timeZone, "timeZone must be nil or non-empty string")];
	if (timeZone.toLowerCase() === "local")
		return [
			invalidValue(
				field,
				timeZone,
				"timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
			),
		];
	return isTimeZone(timeZone) ? [] : [invalidValue(field, timeZone, `unknown time zone ${timeZone}`)];
}
