/** What Kubernetes fills in for autoscalers. */
import { change, fillAbsent } from "../fill.ts";
import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from "./behavior.ts";
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec } from "./horizontal-pod-autoscaler.ts";
import type { MetricSpec } from "./metrics.ts";

export const defaultAutoscaler = (autoscaler: HorizontalPodAutoscaler): HorizontalPodAutoscaler =>
	change(autoscaler, "spec", defaultSpec);

/** Processors busy to four fifths: what is aimed at when nothing is said. */
const BUSY_PROCESSORS: MetricSpec = {
	type: "Resource",
	resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
};

function defaultSpec(spec: HorizontalPodAutoscalerSpec): HorizontalPodAutoscalerSpec {
	const whole = change(fillAbsent(spec, { minReplicas: 1 }), "behavior", defaultBehavior);
	return spec.metrics?.length ? whole : { ...whole, metrics: [BUSY_PROCESSORS] };
}

/** Up at once, by four pods or to the double; down to anything. */
const defaultBehavior = (behavior: HorizontalPodAutoscalerBehavior): HorizontalPodAutoscalerBehavior => ({
	...behavior,
	scaleUp: fillAbsent<HPAScalingRules>(behavior.scaleUp ?? {}, {
		stabilizationWindowSeconds: 0,
		selectPolicy: "Max",
		policies: [
			{ type: "Pods", value: 4, periodSeconds: 15 },
			{ type: "Percent", value: 100, periodSeconds: 15 },
		],
	}),
	scaleDown: fillAbsent<HPAScalingRules>(behavior.scaleDown ?? {}, {
		selectPolicy: "Max",
		policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
	}),
});
