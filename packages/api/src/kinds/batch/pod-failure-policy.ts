import { type Infer, int32, listOf, object, ref, string, types } from "../../machinery/schema.ts";

export const PodFailurePolicyOnExitCodesRequirement = object(
	"batch.v1.PodFailurePolicyOnExitCodesRequirement",
	{
		containerName: string({
			pb: 1,
			nullable: true,
			doc: "Container whose exit code counts; all unless set.",
		}),
		operator: string({ required: true, pb: 2, enum: ["In", "NotIn"], doc: "How the values are compared." }),
		values: listOf(types.int32, { required: true, pb: 3, list: "set", doc: "Values to compare with." }),
	},
	"Exit codes of containers.",
);
export interface PodFailurePolicyOnExitCodesRequirement
	extends Infer<typeof PodFailurePolicyOnExitCodesRequirement> {}

export const PodFailurePolicyOnPodConditionsPattern = object(
	"batch.v1.PodFailurePolicyOnPodConditionsPattern",
	{
		type: string({ required: true, pb: 1, doc: "Type of the condition." }),
		status: string({ pb: 2, doc: "Status of the condition." }),
	},
	"A condition that the failed pod has.",
);
export interface PodFailurePolicyOnPodConditionsPattern
	extends Infer<typeof PodFailurePolicyOnPodConditionsPattern> {}

export const PodFailurePolicyRule = object(
	"batch.v1.PodFailurePolicyRule",
	{
		action: string({
			required: true,
			pb: 1,
			enum: ["FailJob", "FailIndex", "Ignore", "Count"],
			doc: "FailJob, FailIndex, Ignore or Count.",
		}),
		onExitCodes: ref(PodFailurePolicyOnExitCodesRequirement, {
			pb: 2,
			nullable: true,
			doc: "Exit codes that the rule is for.",
		}),
		onPodConditions: listOf(PodFailurePolicyOnPodConditionsPattern, {
			pb: 3,
			list: "atomic",
			doc: "Conditions of pods that the rule is for.",
		}),
	},
	"Failures of one sort and what follows from them.",
);
export interface PodFailurePolicyRule extends Infer<typeof PodFailurePolicyRule> {}

export const PodFailurePolicy = object(
	"batch.v1.PodFailurePolicy",
	{
		rules: listOf(PodFailurePolicyRule, {
			required: true,
			pb: 1,
			list: "atomic",
			doc: "The rules, in order.",
		}),
	},
	"What follows from a pod's failure; the first rule that fits decides.",
);
export interface PodFailurePolicy extends Infer<typeof PodFailurePolicy> {}

export const SuccessPolicyRule = object(
	"batch.v1.SuccessPolicyRule",
	{
		succeededIndexes: string({ pb: 1, nullable: true, doc: "Indexes that must have succeeded, as 1,3-5." }),
		succeededCount: int32({ pb: 2, nullable: true, doc: "Number of indexes that must have succeeded." }),
	},
	"Indexes, or a number of them, that are enough.",
);
export interface SuccessPolicyRule extends Infer<typeof SuccessPolicyRule> {}

export const SuccessPolicy = object(
	"batch.v1.SuccessPolicy",
	{
		rules: listOf(SuccessPolicyRule, { required: true, pb: 1, list: "atomic", doc: "The rules, in order." }),
	},
	"When an indexed job has succeeded before all of its indexes have.",
);
export interface SuccessPolicy extends Infer<typeof SuccessPolicy> {}
