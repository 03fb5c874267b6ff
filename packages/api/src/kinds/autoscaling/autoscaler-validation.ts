/** Validation of autoscalers. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { nonNegative, nonNegativeQuantity } from "../field-checks.ts";
import type { HPAScalingPolicy, HPAScalingRules } from "./behavior.ts";
import type { HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";
import { validateMetric } from "./metric-validation.ts";
import { validateTarget } from "./reference-validation.ts";

export function validateAutoscaler({ spec }: HorizontalPodAutoscaler): FieldError[] {
	const { minReplicas, maxReplicas = 0 } = spec;
	const least = minReplicas ?? 1;
	return [
		...(least < 1 ? [invalidValue("spec.minReplicas", least, "must be greater than or equal to 1")] : []),
		...(maxReplicas < 1 ? [invalidValue("spec.maxReplicas", maxReplicas, "must be greater than 0")] : []),
		...(maxReplicas < least
			? [invalidValue("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`")]
			: []),
		...validateTarget(spec.scaleTargetRef ?? {}, "spec.scaleTargetRef"),
		...(spec.metrics ?? []).flatMap((metric, index) => validateMetric(metric, `spec.metrics[${index}]`)),
		...(spec.behavior?.scaleUp ? rulesErrors(spec.behavior.scaleUp, "spec.behavior.scaleUp") : []),
		...(spec.behavior?.scaleDown ? rulesErrors(spec.behavior.scaleDown, "spec.behavior.scaleDown") : []),
	];
}

export const validateAutoscalerStatus = ({ status }: HorizontalPodAutoscaler): FieldError[] => [
	...nonNegative("status.currentReplicas", status?.currentReplicas),
	...nonNegative("status.desiredReplicas", status?.desiredReplicas),
];

/** Seconds. */
const LONGEST_WINDOW = 3600;
const LONGEST_PERIOD = 1800;

function rulesErrors(rules: HPAScalingRules, path: string): FieldError[] {
	const window = rules.stabilizationWindowSeconds ?? 0;
	const field = `${path}.stabilizationWindowSeconds`;
	return [
		...(window < 0 ? [invalidValue(field, window, "must be greater than or equal to zero")] : []),
		...(window > LONGEST_WINDOW
			? [invalidValue(field, window, `must be less than or equal to ${LONGEST_WINDOW}`)]
			: []),
		...(rules.tolerance ? nonNegativeQuantity(`${path}.tolerance`, rules.tolerance) : []),
		...(rules.policies?.length ? [] : [required(`${path}.policies`, "must specify at least one Policy")]),
		...(rules.policies ?? []).flatMap((policy, index) => policyErrors(policy, `${path}.policies[${index}]`)),
	];
}

function policyErrors({ value = 0, periodSeconds = 0 }: HPAScalingPolicy, path: string): FieldError[] {
	return [
		...(value <= 0 ? [invalidValue(`${path}.value`, value, "must be greater than zero")] : []),
		...(periodSeconds <= 0
			? [invalidValue(`${path}.periodSeconds`, periodSeconds, "must be greater than zero")]
			: []),
		...(periodSeconds > LONGEST_PERIOD
			? [
					invalidValue(
						`${path}.periodSeconds`,
						periodSeconds,
						`must be less than or equal to ${LONGEST_PERIOD}`,
					),
				]
			: []),
	];
}
