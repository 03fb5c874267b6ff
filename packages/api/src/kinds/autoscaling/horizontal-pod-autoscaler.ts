import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, int64, listOf, object, ref, time } from "../../machinery/schema.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { metadataField } from "../metadata-field.ts";
import { autoscalerColumns } from "./autoscaler-columns.ts";
import { defaultAutoscaler } from "./autoscaler-defaults.ts";
import { validateAutoscaler, validateAutoscalerStatus } from "./autoscaler-validation.ts";
import { HorizontalPodAutoscalerBehavior } from "./behavior.ts";
import { CrossVersionObjectReference, MetricSpec } from "./metrics.ts";
import { MetricStatus } from "./metrics-status.ts";

export const HorizontalPodAutoscalerSpec = object(
	"autoscaling.v2.HorizontalPodAutoscalerSpec",
	{
		scaleTargetRef: ref(CrossVersionObjectReference, { required: true, pb: 1, doc: "What is scaled." }),
		minReplicas: int32({ pb: 2, nullable: true, doc: "Fewest pods." }),
		maxReplicas: int32({ required: true, pb: 3, doc: "Most pods." }),
		metrics: listOf(MetricSpec, {
			pb: 4,
			list: "atomic",
			doc: "What decides; the metric that asks for most pods wins.",
		}),
		behavior: ref(HorizontalPodAutoscalerBehavior, {
			pb: 5,
			nullable: true,
			doc: "How fast pods are added and taken away.",
		}),
	},
	"What is scaled, between which bounds, and by which metrics.",
);
export interface HorizontalPodAutoscalerSpec extends Infer<typeof HorizontalPodAutoscalerSpec> {}

export const HorizontalPodAutoscalerCondition = object(
	"autoscaling.v2.HorizontalPodAutoscalerCondition",
	{
		...conditionFields(),
	},
	"One thing that is known of the autoscaler's state.",
);
export interface HorizontalPodAutoscalerCondition extends Infer<typeof HorizontalPodAutoscalerCondition> {}

export const HorizontalPodAutoscalerStatus = object(
	"autoscaling.v2.HorizontalPodAutoscalerStatus",
	{
		observedGeneration: int64({ pb: 1, nullable: true, doc: "Generation that this status speaks of." }),
		lastScaleTime: time({ pb: 2, nullable: true, doc: "When the number of pods was last changed." }),
		currentReplicas: int32({ pb: 3, doc: "Pods there are." }),
		desiredReplicas: int32({ required: true, pb: 4, doc: "Pods that there should be." }),
		currentMetrics: listOf(MetricStatus, { pb: 5, list: "atomic", doc: "What was measured." }),
		conditions: conditionsField(HorizontalPodAutoscalerCondition, 6),
	},
	"What was measured, and what followed.",
);
export interface HorizontalPodAutoscalerStatus extends Infer<typeof HorizontalPodAutoscalerStatus> {}

const HorizontalPodAutoscalerSchema = object(
	"autoscaling.v2.HorizontalPodAutoscaler",
	{
		metadata: metadataField,
		spec: ref(HorizontalPodAutoscalerSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(HorizontalPodAutoscalerStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Changes the number of a workload's pods by what is measured.",
);
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
