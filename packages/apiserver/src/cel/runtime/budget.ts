/** What evaluations may cost. Units are those of Kubernetes: about one for each step of an expression. */
import { CelCostError } from "./errors.ts";

/** Of one expression (`PerCallLimit`). */
export const CALL_LIMIT = 1_000_000;
/** Of all rules on one object, or all expressions of one policy binding, together. */
export const OBJECT_BUDGET = 10_000_000;
/** Of all match conditions of one webhook or policy. */
export const MATCH_CONDITIONS_BUDGET = 2_500_000;

/** Shared by evaluations that belong together; what one uses the next does not have. */
export interface CelBudget {
	remaining: number;
}

export const createBudget = (units: number = OBJECT_BUDGET): CelBudget => ({ remaining: units });

/** One evaluation, as functions see it. */
export interface Meter {
	/** Throws CelCostError when there is no more. */
	spend(units: number): void;
}

/** Counts for one call and for the budget it draws on. */
export function createMeter(budget: CelBudget): Meter {
	let call = CALL_LIMIT;
	return {
		spend: (units) => {
			call -= units;
			budget.remaining -= units;
			if (call < 0) throw new CelCostError("call");
			if (budget.remaining < 0) throw new CelCostError("budget");
		},
	};
}
