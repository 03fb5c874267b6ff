import { type Infer, int32, listOf, object, quantity, ref, string } from "../../machinery/schema.ts";

export const HPAScalingPolicy = object("autoscaling.v2.HPAScalingPolicy", {
	type: string({ required: true, pb: 1, enum: ["Pods", "Percent"] }),
	value: int32({ required: true, pb: 2 }),
	periodSeconds: int32({ required: true, pb: 3 }),
});
export interface HPAScalingPolicy extends Infer<typeof HPAScalingPolicy> {}

export const HPAScalingRules = object("autoscaling.v2.HPAScalingRules", {
	stabilizationWindowSeconds: int32({ pb: 3, nullable: true }),
	selectPolicy: string({ pb: 1, nullable: true, enum: ["Max", "Min", "Disabled"] }),
	policies: listOf(HPAScalingPolicy, { pb: 2, list: "atomic" }),
	tolerance: quantity({ pb: 4, nullable: true }),
});
export interface HPAScalingRules extends Infer<typeof HPAScalingRules> {}

export const HorizontalPodAutoscalerBehavior = object("autoscaling.v2.HorizontalPodAutoscalerBehavior", {
	scaleUp: ref(HPAScalingRules, { pb: 1, nullable: true }),
	scaleDown: ref(HPAScalingRules, { pb: 2, nullable: true }),
});
export interface HorizontalPodAutoscalerBehavior extends Infer<typeof HorizontalPodAutoscalerBehavior> {}
