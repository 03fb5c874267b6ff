/** Keeps the status of disruption budgets, by which evictions are granted. */
import {
	deepEqual,
	type KubeObject,
	keyOf,
	Pod,
	PodDisruptionBudget,
	selectorOf,
	splitKey,
} from "@berth/api";
import type { Change } from "@berth/client";
import { type Controller, type ControllerEnvironment, type Source, watch } from "@berth/reconcile";
import { createServedKinds } from "../served-kinds/served-kinds.ts";
import { type Expected, needsScale, planBudget } from "./plan.ts";
import { expectedPods, SCALED } from "./scales.ts";

export function createDisruptionController(environment: ControllerEnvironment): Controller {
	const { client, informers, events, clock } = environment;
	const budgets = informers.of(PodDisruptionBudget);
	const pods = informers.of(Pod);
	const served = createServedKinds({ ...environment, wanted: () => true });

	async function reconcile(key: string) {
		const budget = budgets.get(key);
		if (!budget) return undefined;
		const selector = selectorOf(budget.spec.selector);
		const counted = pods.list(splitKey(key).namespace).filter((pod) => selector.matches(pod.metadata.labels));
		if (counted.length === 0) events.normal(budget, "NoPods", "No matching pods found");
		const expected: Expected = needsScale(budget)
			? await expectedPods({ client, informers, served }, counted)
			: { pods: counted.length };
		if ("failure" in expected)
			events.warning(
				budget,
				"CalculateExpectedPodCountFailed",
				`Failed to calculate the number of expected pods: ${expected.failure}`,
			);
		const { status, lookAgainIn } = planBudget(budget, counted, expected, clock.now());
		// Optimistic: an eviction granted meanwhile is a conflict, and the next look counts it.
		if (!deepEqual(status, budget.status))
			await client.updateStatus(PodDisruptionBudget, { ...budget, status });
		return lookAgainIn === undefined ? undefined : { requeueAfter: lookAgainIn };
	}

	const ofPod = ({ object, old }: Change<Pod>): string[] =>
		budgets
			.list(object.metadata.namespace)
			.filter(({ spec }) => {
				const selector = selectorOf(spec.selector);
				return [object, old].some((pod) => pod && selector.matches(pod.metadata.labels));
			})
			.map(keyOf);

	const scaled = (kind: (typeof SCALED)[number]): Source =>
		watch(
			informers.of<KubeObject & { readonly spec?: { readonly replicas?: number | undefined } }>(kind),
			({ object, old }) =>
				old && object.spec?.replicas === old.spec?.replicas
					? []
					: budgets.list(object.metadata.namespace).filter(needsScale).map(keyOf),
		);

	return {
		name: "disruption",
		workers: 2,
		sources: [watch(budgets, ({ object }) => [keyOf(object)]), watch(pods, ofPod), ...SCALED.map(scaled)],
		reconcile,
	};
}
