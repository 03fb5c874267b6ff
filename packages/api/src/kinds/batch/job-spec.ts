import { LabelSelector, ObjectMetaSchema } from "../../machinery/meta.ts";
import { bool, type Infer, int32, int64, object, ref, string } from "../../machinery/schema.ts";
import { PodTemplateSpec } from "../core/pod-spec.ts";
import { PodFailurePolicy, SuccessPolicy } from "./pod-failure-policy.ts";

export const JobSpec = object(
	"batch.v1.JobSpec",
	{
		parallelism: int32({ pb: 1, nullable: true, doc: "Pods that run at once." }),
		completions: int32({ pb: 2, nullable: true, doc: "Pods that must succeed." }),
		activeDeadlineSeconds: int64({
			pb: 3,
			nullable: true,
			doc: "Seconds after which the job fails, however far it is.",
		}),
		podFailurePolicy: ref(PodFailurePolicy, {
			pb: 11,
			nullable: true,
			doc: "What follows from failures of pods.",
		}),
		successPolicy: ref(SuccessPolicy, { pb: 16, nullable: true, doc: "When the job has succeeded early." }),
		backoffLimit: int32({ pb: 7, nullable: true, doc: "Failed pods after which the job fails." }),
		backoffLimitPerIndex: int32({
			pb: 12,
			nullable: true,
			doc: "Failed pods of one index after which that index fails.",
		}),
		maxFailedIndexes: int32({ pb: 13, nullable: true, doc: "Failed indexes after which the job fails." }),
		selector: ref(LabelSelector, { pb: 4, nullable: true, doc: "Labels of the pods that belong to it." }),
		manualSelector: bool({
			pb: 5,
			nullable: true,
			doc: "True: selector and labels are the user's; otherwise they are generated.",
		}),
		template: ref(PodTemplateSpec, { required: true, pb: 6, doc: "The pod to make copies of." }),
		ttlSecondsAfterFinished: int32({
			pb: 8,
			nullable: true,
			doc: "Seconds after its end until the job is deleted.",
		}),
		completionMode: string({
			pb: 9,
			nullable: true,
			enum: ["NonIndexed", "Indexed"],
			doc: "NonIndexed counts pods that succeed; Indexed wants one for every index.",
		}),
		suspend: bool({ pb: 10, nullable: true, doc: "True: run nothing for now." }),
		podReplacementPolicy: string({
			pb: 14,
			nullable: true,
			enum: ["TerminatingOrFailed", "Failed"],
			doc: "Whether a pod that is going away is replaced at once (TerminatingOrFailed) or when it has ended (Failed).",
		}),
		managedBy: string({
			pb: 15,
			nullable: true,
			doc: "Controller that runs the job in place of the built-in one.",
		}),
	},
	"Which pod, how often it must succeed, and how often it may fail.",
);
export interface JobSpec extends Infer<typeof JobSpec> {}

export const JobTemplateSpec = object(
	"batch.v1.JobTemplateSpec",
	{
		metadata: ref(ObjectMetaSchema, { pb: 1, doc: "Labels and annotations of the jobs." }),
		spec: ref(JobSpec, { pb: 2, doc: "What is wanted." }),
	},
	"The job to make.",
);
export interface JobTemplateSpec extends Infer<typeof JobTemplateSpec> {}
