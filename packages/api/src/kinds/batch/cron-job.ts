import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, int32, int64, listOf, object, ref, string, time } from "../../machinery/schema.ts";
import { ageColumn, since, workloadColumns } from "../columns.ts";
import { podNameWarnings, podTemplateWarnings } from "../core/pod-warnings.ts";
import { ObjectReference } from "../core/references.ts";
import { change, fillAbsent, fillZero } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateCronJob, validateCronJobCreate, validateCronJobUpdate } from "./cron-job-validation.ts";
import { defaultJobTemplateSpec } from "./job-defaults.ts";
import { JobTemplateSpec } from "./job-spec.ts";

export const CronJobSpec = object(
	"batch.v1.CronJobSpec",
	{
		schedule: string({ required: true, pb: 1, doc: "When jobs are made, in the five fields of cron." }),
		timeZone: string({ pb: 8, nullable: true, doc: "Zone in which the schedule is read." }),
		startingDeadlineSeconds: int64({
			pb: 2,
			nullable: true,
			doc: "Seconds that a job may start late; later it is left out.",
		}),
		concurrencyPolicy: string({
			pb: 3,
			enum: ["Allow", "Forbid", "Replace"],
			doc: "What happens when the last job still runs: Allow, Forbid or Replace.",
		}),
		suspend: bool({ pb: 4, nullable: true, doc: "True: run nothing for now." }),
		jobTemplate: ref(JobTemplateSpec, { required: true, pb: 5, doc: "The job to make." }),
		successfulJobsHistoryLimit: int32({ pb: 6, nullable: true, doc: "Succeeded jobs that are kept." }),
		failedJobsHistoryLimit: int32({ pb: 7, nullable: true, doc: "Failed jobs that are kept." }),
	},
	"Which job, and when.",
);
export interface CronJobSpec extends Infer<typeof CronJobSpec> {}

export const CronJobStatus = object(
	"batch.v1.CronJobStatus",
	{
		active: listOf(ObjectReference, { pb: 1, list: "atomic", doc: "Jobs that run." }),
		lastScheduleTime: time({ pb: 4, nullable: true, doc: "When a job was last made." }),
		lastSuccessfulTime: time({ pb: 5, nullable: true, doc: "When a job last succeeded." }),
	},
	"When jobs were made, and which still run.",
);
export interface CronJobStatus extends Infer<typeof CronJobStatus> {}

const CronJobSchema = object(
	"batch.v1.CronJob",
	{
		metadata: metadataField,
		spec: ref(CronJobSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(CronJobStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Makes a job again and again, by the clock.",
);
export interface CronJob extends KubeObject, Omit<Infer<typeof CronJobSchema>, "metadata" | "spec"> {
	readonly spec: CronJobSpec;
}

const defaultCronJobSpec = (spec: CronJobSpec): CronJobSpec =>
	fillZero(
		fillAbsent(
			change(spec, "jobTemplate", (template) => change(template, "spec", defaultJobTemplateSpec)),
			{ suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
		),
		{ concurrencyPolicy: "Allow" },
	);

const ZONE_WARNING =
	"CRON_TZ or TZ used in spec.schedule is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details";

export const CronJob = defineKind<CronJob>({
	group: "batch",
	version: "v1",
	kind: "CronJob",
	plural: "cronjobs",
	shortNames: ["cj"],
	categories: ["all"],
	scope: "Namespaced",
	schema: CronJobSchema,
	hasStatus: true,
	hasGeneration: true,
	columns: [
		{
			name: "Schedule",
			type: "string",
			description: "When jobs are made.",
			value: ({ spec }) => spec.schedule ?? "",
		},
		{
			name: "Timezone",
			type: "string",
			description: "Zone in which the schedule is read.",
			value: ({ spec }) => spec.timeZone ?? "<none>",
		},
		{
			name: "Suspend",
			type: "boolean",
			description: "Whether no further jobs are made.",
			value: ({ spec: { suspend } }) =>
				suspend === undefined || suspend === null ? "<unset>" : suspend ? "True" : "False",
		},
		{
			name: "Active",
			type: "integer",
			description: "Jobs that run now.",
			value: ({ status }) => status?.active?.length ?? 0,
		},
		{
			name: "Last Schedule",
			type: "string",
			description: "Time since a job was last made.",
			value: ({ status }, now) => (status?.lastScheduleTime ? since(status.lastScheduleTime, now) : "<none>"),
		},
		ageColumn,
		...workloadColumns<CronJob>(
			({ spec }) => spec.jobTemplate?.spec?.template?.spec?.containers,
			({ spec }) => spec.jobTemplate?.spec?.selector ?? undefined,
		),
	],
	defaults: (job) => change(job, "spec", defaultCronJobSpec),
	prepareCreate: (job) => ({ ...job, status: {} }),
	warnings: ({ metadata, spec }) => [
		...podNameWarnings(metadata.name),
		...podTemplateWarnings(spec.jobTemplate?.spec?.template, "spec.jobTemplate.spec.template"),
		...(spec.schedule?.includes("TZ") ? [ZONE_WARNING] : []),
	],
	validate: validateCronJob,
	validateCreate: validateCronJobCreate,
	validateUpdate: validateCronJobUpdate,
});
