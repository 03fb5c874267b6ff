/** What `kubectl get jobs` shows. */
import { humanDuration } from "../../machinery/duration.ts";
import type { Column } from "../../machinery/kind.ts";
import { parseTime } from "../../machinery/time.ts";
import { ageColumn, workloadColumns } from "../columns.ts";
import type { Job } from "./job.ts";

export const jobColumns: readonly Column<Job>[] = [
	{
		name: "Status",
		type: "string",
		description: "What the job has come to.",
		value: jobStatus,
	},
	{
		name: "Completions",
		type: "string",
		description: "Pods that have succeeded of those wanted.",
		value: completions,
	},
	{
		name: "Duration",
		type: "string",
		description: "How long it has run, or ran.",
		value: duration,
	},
	ageColumn,
	...workloadColumns<Job>(
		({ spec }) => spec.template?.spec?.containers,
		({ spec }) => spec.selector ?? undefined,
	),
];

function jobStatus({ metadata, status }: Job): string {
	const has = (wanted: string) =>
		(status?.conditions ?? []).some((condition) => condition.type === wanted && condition.status === "True");
	if (has("Complete")) return "Complete";
	if (has("Failed")) return "Failed";
	if (metadata.deletionTimestamp) return "Terminating";
	return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(has) ?? "Running";
}

function completions({ spec, status }: Job): string {
	const succeeded = status?.succeeded ?? 0;
	if (spec.completions !== undefined && spec.completions !== null) return `${succeeded}/${spec.completions}`;
	const parallelism = spec.parallelism ?? 0;
	return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration({ status }: Job, now: number): string {
	if (!status?.startTime) return "";
	const end = status.completionTime ? parseTime(status.completionTime) : now;
	return humanDuration(end - parseTime(status.startTime));
}
