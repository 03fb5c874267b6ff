/** Validation of what controllers say of a job. */
import { type FieldError, invalidAltogether, invalidValue, required } from "../../machinery/field-error.ts";
import { parseTime } from "../../machinery/time.ts";
import { nonNegative } from "../field-checks.ts";
import type { Job } from "./job.ts";
import type { JobStatus } from "./job-status.ts";

const COUNTS = ["active", "succeeded", "failed", "ready", "terminating"] as const;

export function validateJobStatus({ status = {} }: Job, { status: old = {} }: Job): FieldError[] {
	const isNew = (type: string) => has(status, type) && !has(old, type);
	const isFinished = has(status, "Complete") || has(status, "Failed");
	const wasFinished = has(old, "Complete") || has(old, "Failed");
	return [
		...COUNTS.flatMap((field) => nonNegative(`status.${field}`, status[field])),
		...((status.ready ?? 0) > (status.active ?? 0) &&
		(status.ready !== old.ready || status.active !== old.active)
			? [invalidValue("status.ready", status.ready, "cannot set more ready pods than active")]
			: []),
		...(has(status, "Complete") && has(status, "Failed")
			? [conditionError("cannot set Complete=True and Failed=true conditions")]
			: []),
		...(isNew("Failed") && !has(status, "FailureTarget")
			? [conditionError("cannot set Failed=True condition without the FailureTarget=true condition")]
			: []),
		...(isNew("Complete") && !has(status, "SuccessCriteriaMet")
			? [conditionError("cannot set Complete=True condition without the SuccessCriteriaMet=true condition")]
			: []),
		...["Complete", "Failed", "FailureTarget", "SuccessCriteriaMet"]
			.filter((type) => has(old, type) && !has(status, type))
			.map((type) => conditionError(`cannot disable the terminal ${type}=True condition`)),
		...(isFinished && !wasFinished && !status.startTime
			? [required("status.startTime", "startTime is required for finished job")]
			: []),
		...(isFinished && !wasFinished && (status.active ?? 0) > 0
			? [invalidValue("status.active", status.active, "active>0 is invalid for finished job")]
			: []),
		...completionErrors(status, isNew("Complete"), old),
	];
}

const conditionError = (detail: string) => invalidAltogether("status.conditions", detail);

function completionErrors(status: JobStatus, isNew: boolean, old: JobStatus): FieldError[] {
	const field = "status.completionTime";
	const { completionTime, startTime } = status;
	if (!completionTime) return isNew ? [required(field, "completionTime is required for Complete jobs")] : [];
	if (completionTime === old.completionTime) return [];
	return [
		...(has(status, "Complete")
			? []
			: [
					invalidValue(
						field,
						completionTime,
						"cannot set completionTime when there is no Complete=True condition",
					),
				]),
		...(startTime && parseTime(completionTime) < parseTime(startTime)
			? [invalidValue(field, completionTime, "completionTime cannot be set before startTime")]
			: []),
	];
}

const has = ({ conditions }: JobStatus, wanted: string): boolean =>
	(conditions ?? []).some(({ type, status }) => type === wanted && status === "True");
