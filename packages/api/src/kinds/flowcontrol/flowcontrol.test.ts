import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { FlowSchema } from "./flow-schema.ts";
import { PriorityLevelConfiguration } from "./priority-level-configuration.ts";

test("FlowSchema", (t) => {
	runKindTable(t, FlowSchema, {
		sample: { spec: { priorityLevelConfiguration: { name: "low" } } },
		defaults: { "spec.matchingPrecedence": 1000 },
		creates: [
			[
				{ spec: { matchingPrecedence: 1 } },
				[
					"spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
				],
			],
			[
				{ spec: { matchingPrecedence: 10001 } },
				["spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000"],
			],
			[
				{ spec: { rules: [{ subjects: [{ kind: "User" }] }] } },
				[
					"spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'",
					"spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty",
				],
			],
		],
		prints: [
			{ status: { conditions: [{ type: "Dangling", status: "False" }] } },
			["low", 1000, "<none>", "5m", "False"],
		],
	});
});

test("PriorityLevelConfiguration", (t) => {
	runKindTable(t, PriorityLevelConfiguration, {
		sample: { spec: { type: "Limited", limited: { limitResponse: { type: "Queue", queuing: {} } } } },
		defaults: {
			"spec.limited.nominalConcurrencyShares": 30,
			"spec.limited.limitResponse.queuing": { queues: 64, handSize: 8, queueLengthLimit: 50 },
		},
		creates: [
			[{ spec: { limited: null } }, ["spec.limited: Required value: must not be empty when type is Limited"]],
			[
				{ spec: { limited: { limitResponse: { queuing: { queues: 2 } } } } },
				[
					"spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater than queues (2)",
				],
			],
		],
		prints: [{}, ["Limited", 30, 64, 8, 50, "5m"]],
	});
});
