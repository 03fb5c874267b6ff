/** Which of these pods could not go without breaking a disruption budget. Pure. */
import { type PodDisruptionBudget, selectorOf } from "@berth/api";
import type { PodInfo } from "../cluster/pod-info.ts";

/** In the order given: the first ones use up what a budget allows. */
export function againstBudgets(pods: readonly PodInfo[], budgets: readonly PodDisruptionBudget[]) {
	const left = budgets.map((budget) => ({
		budget,
		selector: selectorOf(budget.spec.selector),
		allowed: budget.status?.disruptionsAllowed ?? 0,
	}));
	const breaking: PodInfo[] = [];
	const free: PodInfo[] = [];
	for (const pod of pods) {
		let breaks = false;
		for (const each of left) {
			const { budget, selector } = each;
			if (budget.metadata.namespace !== pod.namespace || selector.empty || !selector.matches(pod.labels))
				continue;
			// It is counted as gone already.
			if (budget.status?.disruptedPods?.[pod.pod.metadata.name] !== undefined) continue;
			each.allowed -= 1;
			if (each.allowed < 0) breaks = true;
		}
		(breaks ? breaking : free).push(pod);
	}
	return { breaking, free };
}
