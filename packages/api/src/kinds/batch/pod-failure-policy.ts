import { type Infer, int32, listOf, object, ref, string, types } from "../../machinery/schema.ts";

export const PodFailurePolicyOnExitCodesRequirement = object(
	"batch.v1.PodFailurePolicyOnExitCodesRequirement",
	{
		containerName: string({ pb: 1, nullable: true }),
		operator: string({ required: true, pb: 2, enum: ["In", "NotIn"] }),
		values: listOf(types.int32, { required: true, pb: 3, list: "set" }),
	},
);
export interface PodFailurePolicyOnExitCodesRequirement
	extends Infer<typeof PodFailurePolicyOnExitCodesRequirement> {}

export const PodFailurePolicyOnPodConditionsPattern = object(
	"batch.v1.PodFailurePolicyOnPodConditionsPattern",
	{
		type: string({ required: true, pb: 1 }),
		status: string({ pb: 2 }),
	},
);
export interface PodFailurePolicyOnPodConditionsPattern
	extends Infer<typeof PodFailurePolicyOnPodConditionsPattern> {}

export const PodFailurePolicyRule = object("batch.v1.PodFailurePolicyRule", {
	action: string({ required: true, pb: 1, enum: ["FailJob", "FailIndex", "Ignore", "Count"] }),
	onExitCodes: ref(PodFailurePolicyOnExitCodesRequirement, { pb: 2, nullable: true }),
	onPodConditions: listOf(PodFailurePolicyOnPodConditionsPattern, { pb: 3, list: "atomic" }),
});
export interface PodFailurePolicyRule extends Infer<typeof PodFailurePolicyRule> {}

export const PodFailurePolicy = object("batch.v1.PodFailurePolicy", {
	rules: listOf(PodFailurePolicyRule, { required: true, pb: 1, list: "atomic" }),
});
export interface PodFailurePolicy extends Infer<typeof PodFailurePolicy> {}

export const SuccessPolicyRule = object("batch.v1.SuccessPolicyRule", {
	succeededIndexes: string({ pb: 1, nullable: true }),
	succeededCount: int32({ pb: 2, nullable: true }),
});
export interface SuccessPolicyRule extends Infer<typeof SuccessPolicyRule> {}

export const SuccessPolicy = object("batch.v1.SuccessPolicy", {
	rules: listOf(SuccessPolicyRule, { required: true, pb: 1, list: "atomic" }),
});
export interface SuccessPolicy extends Infer<typeof SuccessPolicy> {}
