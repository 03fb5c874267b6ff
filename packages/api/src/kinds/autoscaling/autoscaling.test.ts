import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { sampleMeta } from "../testing/samples.ts";
import { HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";
import { HorizontalPodAutoscalerV1 } from "./horizontal-pod-autoscaler-v1.ts";
import { autoscalerV1Of, storedAutoscaler } from "./stored-autoscaler.ts";

const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
const cpu = (averageUtilization: number) => ({
	type: "Resource",
	resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});
const requests = {
	type: "Pods",
	pods: { metric: { name: "rps" }, target: { type: "AverageValue", averageValue: "1k" } },
};

test("autoscalers", (t) => {
	runKindTable(t, HorizontalPodAutoscaler, {
		sample: {
			spec: {
				scaleTargetRef,
				maxReplicas: 5,
				behavior: { scaleDown: { policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] } },
			},
		},
		defaults: {
			"spec.minReplicas": 1,
			"spec.metrics": [cpu(80)],
			"spec.behavior.scaleUp": {
				stabilizationWindowSeconds: 0,
				selectPolicy: "Max",
				policies: [
					{ type: "Pods", value: 4, periodSeconds: 15 },
					{ type: "Percent", value: 100, periodSeconds: 15 },
				],
			},
			"spec.behavior.scaleDown": {
				selectPolicy: "Max",
				policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
			},
			status: { desiredReplicas: 0 },
		},
		creates: [
			[
				{ spec: { minReplicas: 7 } },
				["spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`"],
			],
			[
				{ spec: { minReplicas: 0 } },
				["spec.minReplicas: Invalid value: 0: must be greater than or equal to 1"],
			],
			[
				{ spec: { scaleTargetRef: { name: null, kind: "a/b" } } },
				[
					"spec.scaleTargetRef.kind: Invalid value: \"a/b\": may not contain '/'",
					"spec.scaleTargetRef.name: Required value",
				],
			],
			[
				{ spec: { metrics: [{ type: "Pods", resource: cpu(0).resource }] } },
				[
					"spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
					"spec.metrics[0].pods: Required value: must populate information for the given metric source",
				],
			],
			[
				{ spec: { behavior: { scaleUp: { policies: [], stabilizationWindowSeconds: 4000 } } } },
				[
					"spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600",
					"spec.behavior.scaleUp.policies: Required value: must specify at least one Policy",
				],
			],
		],
		updates: [[{ spec: { maxReplicas: 9, metrics: [requests] } }, []]],
		prints: [
			{
				spec: { metrics: [cpu(80), requests, cpu(1)] },
				status: {
					currentReplicas: 2,
					currentMetrics: [
						{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: 12 } } },
					],
				},
			},
			["Deployment/web", "cpu: 12%/80%, <unknown>/1k + 1 more...", "1", 5, 2, "5m"],
		],
	});
});

test("version 1", (t) => {
	runKindTable(t, HorizontalPodAutoscalerV1, {
		sample: { spec: { scaleTargetRef, maxReplicas: 5, targetCPUUtilizationPercentage: 60 } },
		defaults: { "spec.minReplicas": 1 },
		creates: [
			[
				{ spec: { maxReplicas: 0 } },
				[
					"spec.maxReplicas: Invalid value: 0: must be greater than 0",
					"spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
				],
			],
		],
		prints: [{}, ["Deployment/web", "cpu: <unknown>/60%", "1", 5, 0, "5m"]],
	});
});

test("what version 1 can not say comes back whole", (t) => {
	const stored = {
		apiVersion: "autoscaling/v2",
		kind: "HorizontalPodAutoscaler",
		metadata: sampleMeta("web", { annotations: { mine: "1" } }),
		spec: {
			scaleTargetRef,
			minReplicas: 1,
			maxReplicas: 5,
			metrics: [cpu(60), requests],
			behavior: {
				scaleUp: {
					stabilizationWindowSeconds: 1,
					selectPolicy: "Min",
					policies: [{ type: "Pods", value: 1, periodSeconds: 1 }],
				},
				scaleDown: {
					stabilizationWindowSeconds: 2,
					selectPolicy: "Max",
					policies: [{ type: "Pods", value: 1, periodSeconds: 1 }],
				},
			},
		},
		status: { currentReplicas: 1, desiredReplicas: 2, conditions: [{ type: "AbleToScale", status: "True" }] },
	} as const satisfies object;
	const old = autoscalerV1Of(stored as unknown as HorizontalPodAutoscaler);
	t.is(old.spec.targetCPUUtilizationPercentage, 60);
	t.deepEqual(JSON.parse(old.metadata.annotations?.["autoscaling.alpha.kubernetes.io/metrics"] ?? ""), [
		{ type: "Pods", pods: { metricName: "rps", targetAverageValue: "1k" } },
	]);
	t.deepEqual(storedAutoscaler(old) as unknown, stored);
});

test("annotations that are nonsense say nothing", (t) => {
	const annotations = {
		"autoscaling.alpha.kubernetes.io/metrics": '[{"type":"Pods","pods":{"metricName":5}},7,null]',
		"autoscaling.alpha.kubernetes.io/behavior": "{",
		"autoscaling.alpha.kubernetes.io/conditions": "[[]]",
	};
	const { spec, metadata } = storedAutoscaler({
		apiVersion: "autoscaling/v1",
		kind: "HorizontalPodAutoscaler",
		metadata: sampleMeta("web", { annotations }),
		spec: { scaleTargetRef, maxReplicas: 2 },
	});
	t.deepEqual(spec.metrics as unknown, [cpu(80)]);
	t.is(metadata.annotations, undefined);
});
