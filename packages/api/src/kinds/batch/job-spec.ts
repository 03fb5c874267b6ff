import { LabelSelector, ObjectMetaSchema } from "../../machinery/meta.ts";
import { bool, type Infer, int32, int64, object, ref, string } from "../../machinery/schema.ts";
import { PodTemplateSpec } from "../core/pod-spec.ts";
import { PodFailurePolicy, SuccessPolicy } from "./pod-failure-policy.ts";

export const JobSpec = object("batch.v1.JobSpec", {
	parallelism: int32({ pb: 1, nullable: true }),
	completions: int32({ pb: 2, nullable: true }),
	activeDeadlineSeconds: int64({ pb: 3, nullable: true }),
	podFailurePolicy: ref(PodFailurePolicy, { pb: 11, nullable: true }),
	successPolicy: ref(SuccessPolicy, { pb: 16, nullable: true }),
	backoffLimit: int32({ pb: 7, nullable: true }),
	backoffLimitPerIndex: int32({ pb: 12, nullable: true }),
	maxFailedIndexes: int32({ pb: 13, nullable: true }),
	selector: ref(LabelSelector, { pb: 4, nullable: true }),
	manualSelector: bool({ pb: 5, nullable: true }),
	template: ref(PodTemplateSpec, { required: true, pb: 6 }),
	ttlSecondsAfterFinished: int32({ pb: 8, nullable: true }),
	completionMode: string({ pb: 9, nullable: true, enum: ["NonIndexed", "Indexed"] }),
	suspend: bool({ pb: 10, nullable: true }),
	podReplacementPolicy: string({ pb: 14, nullable: true, enum: ["TerminatingOrFailed", "Failed"] }),
	managedBy: string({ pb: 15, nullable: true }),
});
export interface JobSpec extends Infer<typeof JobSpec> {}

export const JobTemplateSpec = object("batch.v1.JobTemplateSpec", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	spec: ref(JobSpec, { pb: 2 }),
});
export interface JobTemplateSpec extends Infer<typeof JobTemplateSpec> {}
