import { type Infer, int32, listOf, object, ref, string, time, types } from "../../machinery/schema.ts";
import { conditionFields } from "../conditions.ts";

export const JobCondition = object(
	"batch.v1.JobCondition",
	{
		...conditionFields(4),
		lastProbeTime: time({ pb: 3, doc: "When it was last looked at." }),
	},
	"One thing that is known of the job's state.",
);
export interface JobCondition extends Infer<typeof JobCondition> {}

export const UncountedTerminatedPods = object(
	"batch.v1.UncountedTerminatedPods",
	{
		succeeded: listOf(types.string, { pb: 1, list: "set", doc: "Pods that ended well." }),
		failed: listOf(types.string, { pb: 2, list: "set", doc: "Pods that failed." }),
	},
	"Pods that have ended and are not in the counts yet.",
);
export interface UncountedTerminatedPods extends Infer<typeof UncountedTerminatedPods> {}

export const JobStatus = object(
	"batch.v1.JobStatus",
	{
		conditions: listOf(JobCondition, {
			pb: 1,
			list: "atomic",
			patch: ["merge"],
			mergeKey: "type",
			doc: "What is known of its state, one entry for each type.",
		}),
		startTime: time({ pb: 2, nullable: true, doc: "When the job began." }),
		completionTime: time({ pb: 3, nullable: true, doc: "When the job succeeded." }),
		active: int32({ pb: 4, doc: "Pods that run." }),
		succeeded: int32({ pb: 5, doc: "Pods that ended well." }),
		failed: int32({ pb: 6, doc: "Pods that failed." }),
		terminating: int32({ pb: 11, nullable: true, doc: "Pods that are going away." }),
		completedIndexes: string({ pb: 7, doc: "Indexes that have succeeded, as 1,3-5." }),
		failedIndexes: string({ pb: 10, nullable: true, doc: "Indexes that have failed, as 1,3-5." }),
		uncountedTerminatedPods: ref(UncountedTerminatedPods, {
			pb: 8,
			nullable: true,
			doc: "Pods that are not in the counts yet.",
		}),
		ready: int32({ pb: 9, nullable: true, doc: "Pods that are ready." }),
	},
	"How far the job is.",
);
export interface JobStatus extends Infer<typeof JobStatus> {}
