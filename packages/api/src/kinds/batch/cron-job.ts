import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, int32, int64, listOf, object, ref, string, time } from "../../machinery/schema.ts";
import { ObjectReference } from "../core/references.ts";
import { metadataField } from "../metadata-field.ts";
import { JobTemplateSpec } from "./job-spec.ts";

export const CronJobSpec = object("batch.v1.CronJobSpec", {
	schedule: string({ required: true, pb: 1 }),
	timeZone: string({ pb: 8, nullable: true }),
	startingDeadlineSeconds: int64({ pb: 2, nullable: true }),
	concurrencyPolicy: string({ pb: 3, enum: ["Allow", "Forbid", "Replace"] }),
	suspend: bool({ pb: 4, nullable: true }),
	jobTemplate: ref(JobTemplateSpec, { required: true, pb: 5 }),
	successfulJobsHistoryLimit: int32({ pb: 6, nullable: true }),
	failedJobsHistoryLimit: int32({ pb: 7, nullable: true }),
});
export interface CronJobSpec extends Infer<typeof CronJobSpec> {}

export const CronJobStatus = object("batch.v1.CronJobStatus", {
	active: listOf(ObjectReference, { pb: 1, list: "atomic" }),
	lastScheduleTime: time({ pb: 4, nullable: true }),
	lastSuccessfulTime: time({ pb: 5, nullable: true }),
});
export interface CronJobStatus extends Infer<typeof CronJobStatus> {}

const CronJobSchema = object("batch.v1.CronJob", {
	metadata: metadataField,
	spec: ref(CronJobSpec, { default: {}, pb: 2 }),
	status: ref(CronJobStatus, { pb: 3 }),
});
export interface CronJob extends KubeObject, Omit<Infer<typeof CronJobSchema>, "metadata" | "spec"> {
	readonly spec: CronJobSpec;
}

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
	columns: [],
});
