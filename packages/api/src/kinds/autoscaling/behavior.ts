import { type Infer, int32, listOf, object, quantity, ref, string } from "../../machinery/schema.ts";

export const HPAScalingPolicy = object(
	"autoscaling.v2.HPAScalingPolicy",
	{
		type: string({ required: true, pb: 1, enum: ["Pods", "Percent"], doc: "Pods or Percent." }),
		value: int32({ required: true, pb: 2, doc: "How many pods, or per cent." }),
		periodSeconds: int32({ required: true, pb: 3, doc: "In how many seconds." }),
	},
	"At most so much in so much time.",
);
export interface HPAScalingPolicy extends Infer<typeof HPAScalingPolicy> {}

export const HPAScalingRules = object(
	"autoscaling.v2.HPAScalingRules",
	{
		stabilizationWindowSeconds: int32({
			pb: 3,
			nullable: true,
			doc: "Seconds over which earlier recommendations count as well.",
		}),
		selectPolicy: string({
			pb: 1,
			nullable: true,
			enum: ["Max", "Min", "Disabled"],
			doc: "Which policy decides: Max, Min, or Disabled for no change.",
		}),
		policies: listOf(HPAScalingPolicy, { pb: 2, list: "atomic", doc: "The policies." }),
		tolerance: quantity({ pb: 4, nullable: true, doc: "Deviation from the target that is let be." }),
	},
	"How fast, in one direction.",
);
export interface HPAScalingRules extends Infer<typeof HPAScalingRules> {}

export const HorizontalPodAutoscalerBehavior = object(
	"autoscaling.v2.HorizontalPodAutoscalerBehavior",
	{
		scaleUp: ref(HPAScalingRules, { pb: 1, nullable: true, doc: "How fast pods are added." }),
		scaleDown: ref(HPAScalingRules, { pb: 2, nullable: true, doc: "How fast pods are taken away." }),
	},
	"How fast pods are added and taken away.",
);
export interface HorizontalPodAutoscalerBehavior extends Infer<typeof HorizontalPodAutoscalerBehavior> {}
