import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, int64, listOf, object, ref, string, time } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { autoscalerColumns } from "./autoscaler-columns.ts";
import { defaultAutoscaler } from "./autoscaler-defaults.ts";
import { validateAutoscaler, validateAutoscalerStatus } from "./autoscaler-validation.ts";
import { HorizontalPodAutoscalerBehavior } from "./behavior.ts";
import { CrossVersionObjectReference, MetricSpec } from "./metrics.ts";
import { MetricStatus } from "./metrics-status.ts";

export const HorizontalPodAutoscalerSpec = object("autoscaling.v2.HorizontalPodAutoscalerSpec", {
	scaleTargetRef: ref(CrossVersionObjectReference, { required: true, pb: 1 }),
	minReplicas: int32({ pb: 2, nullable: true }),
	maxReplicas: int32({ required: true, pb: 3 }),
	metrics: listOf(MetricSpec, { pb: 4, list: "atomic" }),
	behavior: ref(HorizontalPodAutoscalerBehavior, { pb: 5, nullable: true }),
});
export interface HorizontalPodAutoscalerSpec extends Infer<typeof HorizontalPodAutoscalerSpec> {}

export const HorizontalPodAutoscalerCondition = object("autoscaling.v2.HorizontalPodAutoscalerCondition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	lastTransitionTime: time({ pb: 3 }),
	reason: string({ pb: 4 }),
	message: string({ pb: 5 }),
});
export interface HorizontalPodAutoscalerCondition extends Infer<typeof HorizontalPodAutoscalerCondition> {}

export const HorizontalPodAutoscalerStatus = object("autoscaling.v2.HorizontalPodAutoscalerStatus", {
	observedGeneration: int64({ pb: 1, nullable: true }),
	lastScaleTime: time({ pb: 2, nullable: true }),
	currentReplicas: int32({ pb: 3 }),
	desiredReplicas: int32({ required: true, pb: 4 }),
	currentMetrics: listOf(MetricStatus, { pb: 5, list: "atomic" }),
	conditions: listOf(HorizontalPodAutoscalerCondition, {
		pb: 6,
		list: "map",
		keys: ["type"],
		patch: ["merge"],
		mergeKey: "type",
	}),
});
export interface HorizontalPodAutoscalerStatus extends Infer<typeof HorizontalPodAutoscalerStatus> {}

const HorizontalPodAutoscalerSchema = object("autoscaling.v2.HorizontalPodAutoscaler", {
	metadata: metadataField,
	spec: ref(HorizontalPodAutoscalerSpec, { default: {}, pb: 2 }),
	status: ref(HorizontalPodAutoscalerStatus, { pb: 3 }),
});
export interface HorizontalPodAutoscaler
	extends KubeObject,
		Omit<Infer<typeof HorizontalPodAutoscalerSchema>, "metadata" | "spec"> {
	readonly spec: HorizontalPodAutoscalerSpec;
}

export const HorizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
	group: "autoscaling",
	version: "v2",
	kind: "HorizontalPodAutoscaler",
	plural: "horizontalpodautoscalers",
	shortNames: ["hpa"],
	categories: ["all"],
	scope: "Namespaced",
	schema: HorizontalPodAutoscalerSchema,
	hasStatus: true,
	columns: autoscalerColumns,
	defaults: defaultAutoscaler,
	prepareCreate: (autoscaler) => ({ ...autoscaler, status: { desiredReplicas: 0 } }),
	validate: validateAutoscaler,
	validateStatusUpdate: validateAutoscalerStatus,
});
