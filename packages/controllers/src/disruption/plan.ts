/**
 * How many pods of a budget may be disrupted. Pure. Source: Specifying a Disruption Budget for your Application; the
 * eviction subresource takes from what is computed here.
 */
import {
	type Condition,
	formatTime,
	isPodReady,
	type Pod,
	type PodDisruptionBudget,
	type PodDisruptionBudgetStatus,
	parseTime,
} from "@berth/api";
import { amountOf } from "../pods/amount.ts";

/** How many copies there should be of the pods that a budget counts. */
export type Expected =
	| { readonly pods: number }
	/** It cannot be told, and then nothing may be disrupted. */
	| { readonly failure: string };

export interface BudgetPlan {
	readonly status: PodDisruptionBudgetStatus;
	/** Milliseconds until a granted eviction that nobody carried out is forgotten. */
	readonly lookAgainIn: number | undefined;
}

/** An eviction that was granted, and whose pod is still there after so many milliseconds, did not happen. */
export const EVICTION_TIMEOUT = 120_000;

/** Whether a budget has to know how many copies there should be. */
export const needsScale = ({ spec }: PodDisruptionBudget): boolean =>
	spec.maxUnavailable !== undefined || typeof spec.minAvailable === "string";

/** `pods` are all that its selector matches. */
export function planBudget(
	budget: PodDisruptionBudget,
	pods: readonly Pod[],
	expected: Expected,
	now: number,
): BudgetPlan {
	const { disruptedPods, lookAgainIn } = stillDisrupted(budget, pods, now);
	const currentHealthy = pods.filter(
		(pod) => isPodReady(pod) && !pod.metadata.deletionTimestamp && !(pod.metadata.name in disruptedPods),
	).length;
	const common = {
		...(Object.keys(disruptedPods).length ? { disruptedPods } : {}),
		currentHealthy,
		...(budget.metadata.generation === undefined ? {} : { observedGeneration: budget.metadata.generation }),
	};
	if ("failure" in expected) {
		const { desiredHealthy = 0, expectedPods = 0 } = budget.status ?? {};
		const conditions = withCondition(
			budget,
			{ status: "False", reason: "SyncFailed", message: expected.failure },
			now,
		);
		return {
			status: { ...common, desiredHealthy, expectedPods, disruptionsAllowed: 0, conditions },
			lookAgainIn,
		};
	}
	const desiredHealthy = desiredOf(budget, expected.pods);
	const allowed = expected.pods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
	const verdict =
		allowed > 0
			? { status: "True" as const, reason: "SufficientPods", message: "" }
			: { status: "False" as const, reason: "InsufficientPods", message: "" };
	return {
		status: {
			...common,
			desiredHealthy,
			expectedPods: expected.pods,
			disruptionsAllowed: allowed,
			conditions: withCondition(budget, verdict, now),
		},
		lookAgainIn,
	};
}

function desiredOf({ spec }: PodDisruptionBudget, expected: number): number {
	if (spec.maxUnavailable !== undefined)
		return Math.max(0, expected - amountOf(spec.maxUnavailable, expected));
	return spec.minAvailable === undefined ? 0 : amountOf(spec.minAvailable, expected);
}

function stillDisrupted({ status }: PodDisruptionBudget, pods: readonly Pod[], now: number) {
	const disruptedPods: Record<string, string> = {};
	let lookAgainIn: number | undefined;
	for (const pod of pods) {
		const { name, deletionTimestamp } = pod.metadata;
		const granted = status?.disruptedPods?.[name];
		if (granted === undefined || deletionTimestamp) continue;
		const left = parseTime(granted) + EVICTION_TIMEOUT - now;
		if (left <= 0) continue;
		disruptedPods[name] = granted;
		lookAgainIn = Math.min(lookAgainIn ?? left, left);
	}
	return { disruptedPods, lookAgainIn };
}

function withCondition(
	{ status, metadata }: PodDisruptionBudget,
	verdict: Pick<Condition, "status" | "reason" | "message">,
	now: number,
): readonly Condition[] {
	const type = "DisruptionAllowed";
	const known = status?.conditions?.find((condition) => condition.type === type);
	return [
		...(status?.conditions ?? []).filter((condition) => condition.type !== type),
		{
			type,
			...verdict,
			lastTransitionTime: known?.status === verdict.status ? known.lastTransitionTime : formatTime(now),
			...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
		},
	];
}
