import test from "ava";
import { PriorityClass } from "../scheduling/priority-class.ts";
import { runKindTable } from "../testing/kind-table.ts";
import { PodDisruptionBudget } from "./pod-disruption-budget.ts";

test("disruption budgets", (t) => {
	runKindTable(t, PodDisruptionBudget, {
		sample: { spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } } },
		defaults: {
			status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
		},
		creates: [
			[
				{ spec: { minAvailable: "110%" } },
				['spec.minAvailable: Invalid value: "110%": must not be greater than 100%'],
			],
			[
				{ spec: { minAvailable: null, maxUnavailable: -1 } },
				["spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0"],
			],
			[
				{ spec: { maxUnavailable: 1 } },
				[
					'spec: Invalid value: {"minAvailable":1,"selector":{"matchLabels":{"app":"web"}},"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set',
				],
			],
			[
				{ spec: { unhealthyPodEvictionPolicy: "Never" } },
				[
					'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
				],
			],
		],
		updates: [[{ spec: { minAvailable: null, maxUnavailable: "20%" } }, []]],
		prints: [{ status: { disruptionsAllowed: 2 } }, ["1", "N/A", 2, "5m"]],
	});
});

test("priority classes", (t) => {
	runKindTable(t, PriorityClass, {
		name: "high",
		sample: { value: 1000 },
		defaults: { preemptionPolicy: "PreemptLowerPriority" },
		creates: [
			[{ value: 0 }, []],
			[
				{ value: 1_000_000_001 },
				["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
			],
			[
				{ metadata: { name: "system-mine" } },
				[
					"metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
				],
			],
			[{ metadata: { name: "system-node-critical" }, value: 2_000_001_000 }, []],
		],
		updates: [
			[{ description: "for what matters", globalDefault: true }, []],
			[{ value: 5 }, ["value: Forbidden: may not be changed in an update."]],
			[{ preemptionPolicy: "Never" }, ['preemptionPolicy: Invalid value: "Never": field is immutable']],
		],
		prints: [{}, [1000, false, "5m", "PreemptLowerPriority"]],
	});
});
