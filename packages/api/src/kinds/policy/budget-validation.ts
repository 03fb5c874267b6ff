/** Validation of disruption budgets. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { countOrPercent, noMoreThanAll, nonNegative } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import type { PodDisruptionBudget } from "./pod-disruption-budget.ts";

export const validateBudget = ({ spec }: PodDisruptionBudget): FieldError[] => [
	...((spec.minAvailable ?? null) !== null && (spec.maxUnavailable ?? null) !== null
		? [invalidValue("spec", spec, "minAvailable and maxUnavailable cannot be both set")]
		: []),
	...countOrPercent("spec.minAvailable", spec.minAvailable),
	...noMoreThanAll("spec.minAvailable", spec.minAvailable),
	...countOrPercent("spec.maxUnavailable", spec.maxUnavailable),
	...noMoreThanAll("spec.maxUnavailable", spec.maxUnavailable),
	...validateLabelSelector(spec.selector, "spec.selector"),
];

const COUNTS = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const;

export const validateBudgetStatus = ({ status }: PodDisruptionBudget): FieldError[] => [
	...(status?.conditions ?? []).flatMap(({ type, reason }, index) => [
		...(type ? [] : [required(`status.condition[${index}].type`, "must be set")]),
		...(reason ? [] : [required(`status.condition[${index}].reason`, "must be set")]),
	]),
	...COUNTS.flatMap((field) => nonNegative(`status.${field}`, status?.[field])),
];
