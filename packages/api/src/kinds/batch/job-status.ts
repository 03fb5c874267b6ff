import { type Infer, int32, listOf, object, ref, string, time, types } from "../../machinery/schema.ts";

export const JobCondition = object("batch.v1.JobCondition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	lastProbeTime: time({ pb: 3 }),
	lastTransitionTime: time({ pb: 4 }),
	reason: string({ pb: 5 }),
	message: string({ pb: 6 }),
});
export interface JobCondition extends Infer<typeof JobCondition> {}

export const UncountedTerminatedPods = object("batch.v1.UncountedTerminatedPods", {
	succeeded: listOf(types.string, { pb: 1, list: "set" }),
	failed: listOf(types.string, { pb: 2, list: "set" }),
});
export interface UncountedTerminatedPods extends Infer<typeof UncountedTerminatedPods> {}

export const JobStatus = object("batch.v1.JobStatus", {
	conditions: listOf(JobCondition, { pb: 1, list: "atomic", patch: ["merge"], mergeKey: "type" }),
	startTime: time({ pb: 2, nullable: true }),
	completionTime: time({ pb: 3, nullable: true }),
	active: int32({ pb: 4 }),
	succeeded: int32({ pb: 5 }),
	failed: int32({ pb: 6 }),
	terminating: int32({ pb: 11, nullable: true }),
	completedIndexes: string({ pb: 7 }),
	failedIndexes: string({ pb: 10, nullable: true }),
	uncountedTerminatedPods: ref(UncountedTerminatedPods, { pb: 8, nullable: true }),
	ready: int32({ pb: 9, nullable: true }),
});
export interface JobStatus extends Infer<typeof JobStatus> {}
