/**
 * Autoscalers of version 1 know of processors only. They are kept as those of version 2; what their own fields can not
 * say travels in annotations, in the form of old that clients of version 1 read.
 */
import { isJsonObject } from "../../machinery/deep.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import type { ObjectType } from "../../machinery/schema.ts";
import { validateStructure } from "../../machinery/validate.ts";
import { defaultAutoscaler } from "./autoscaler-defaults.ts";
import { HorizontalPodAutoscalerBehavior } from "./behavior.ts";
import {
	type HorizontalPodAutoscaler,
	HorizontalPodAutoscalerCondition,
} from "./horizontal-pod-autoscaler.ts";
import type { HorizontalPodAutoscalerV1 } from "./horizontal-pod-autoscaler-v1.ts";
import { MetricSpec } from "./metrics.ts";
import { MetricStatus } from "./metrics-status.ts";
import {
	type OldMetric,
	oldMetric,
	oldMetricStatus,
	presentMetric,
	presentMetricStatus,
} from "./old-metrics.ts";

const PREFIX = "autoscaling.alpha.kubernetes.io/";
const METRICS = `${PREFIX}metrics`;
const CURRENT_METRICS = `${PREFIX}current-metrics`;
const CONDITIONS = `${PREFIX}conditions`;
const BEHAVIOR = `${PREFIX}behavior`;

export function autoscalerV1Of(stored: HorizontalPodAutoscaler): HorizontalPodAutoscalerV1 {
	const { scaleTargetRef, minReplicas, maxReplicas, metrics = [], behavior } = stored.spec;
	const { currentMetrics = [], conditions = [], ...status } = stored.status ?? { desiredReplicas: 0 };
	const cpu = metrics.find(isShareOfCpu);
	const others = metrics.filter((metric) => metric !== cpu);
	const target = cpu?.resource?.target.averageUtilization ?? undefined;
	const current = currentMetrics.find(({ resource }) => resource?.name === "cpu")?.resource?.current
		.averageUtilization;
	return {
		...stored,
		apiVersion: "autoscaling/v1",
		metadata: annotated(stored.metadata, {
			[METRICS]: others.length ? JSON.stringify(others.map(oldMetric)) : undefined,
			[CURRENT_METRICS]: currentMetrics.length
				? JSON.stringify(currentMetrics.map(oldMetricStatus))
				: undefined,
			[CONDITIONS]: conditions.length ? JSON.stringify(conditions) : undefined,
			[BEHAVIOR]: behavior ? JSON.stringify(behavior) : undefined,
		}),
		spec: {
			scaleTargetRef,
			maxReplicas,
			...(minReplicas === undefined ? {} : { minReplicas }),
			...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }),
		},
		status: {
			...status,
			currentReplicas: status.currentReplicas ?? 0,
			...(current === undefined || current === null ? {} : { currentCPUUtilizationPercentage: current }),
		},
	};
}

export function storedAutoscaler(autoscaler: HorizontalPodAutoscalerV1): HorizontalPodAutoscaler {
	const { targetCPUUtilizationPercentage: target, ...spec } = autoscaler.spec;
	const { currentCPUUtilizationPercentage: current, ...status } = autoscaler.status ?? {
		currentReplicas: 0,
		desiredReplicas: 0,
	};
	const said = autoscaler.metadata.annotations ?? {};
	const metrics: MetricSpec[] = [
		...(target === undefined || target === null ? [] : [shareOfCpu(target)]),
		...listIn(said[METRICS]).flatMap((metric) => sound(MetricSpec, presentMetric(metric))),
	];
	const measured = listIn(said[CURRENT_METRICS]).flatMap((metric) =>
		sound(MetricStatus, presentMetricStatus(metric)),
	);
	const currentMetrics =
		measured.length || current === undefined || current === null ? measured : [busyCpu(current)];
	const [behavior] = sound(HorizontalPodAutoscalerBehavior, parsed(said[BEHAVIOR]));
	const conditions = listIn(said[CONDITIONS]).flatMap((condition) =>
		sound(HorizontalPodAutoscalerCondition, condition),
	);
	return defaultAutoscaler({
		...autoscaler,
		apiVersion: "autoscaling/v2",
		metadata: annotated(autoscaler.metadata, {}),
		spec: {
			...spec,
			metrics,
			...(behavior ? { behavior } : {}),
		},
		status: {
			...status,
			...(currentMetrics.length ? { currentMetrics } : {}),
			...(conditions.length ? { conditions } : {}),
		},
	});
}

const isShareOfCpu = ({ resource }: MetricSpec): boolean =>
	resource?.name === "cpu" && (resource.target.averageUtilization ?? null) !== null;

const shareOfCpu = (averageUtilization: number): MetricSpec => ({
	type: "Resource",
	resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});

const busyCpu = (averageUtilization: number): MetricStatus => ({
	type: "Resource",
	resource: { name: "cpu", current: { averageUtilization } },
});

/** With these annotations, and without others of ours. */
function annotated(
	metadata: KubeObject["metadata"],
	more: Readonly<Record<string, string | undefined>>,
): KubeObject["metadata"] {
	const { annotations = {}, ...rest } = metadata;
	const own = [METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR];
	const kept = Object.entries({ ...annotations, ...more }).filter(
		(entry): entry is [string, string] =>
			entry[1] !== undefined && (!own.includes(entry[0]) || more[entry[0]] !== undefined),
	);
	return kept.length ? { ...rest, annotations: Object.fromEntries(kept) } : rest;
}

/** Undefined for what is no JSON: such an annotation says nothing. */
function parsed(text: string | undefined): unknown {
	if (text === undefined) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function listIn(text: string | undefined): OldMetric[] {
	const value = parsed(text);
	return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** None for what does not have the shape of the type: anybody may write annotations. */
function sound<T>(type: ObjectType<T>, value: unknown): T[] {
	return isJsonObject(value) && validateStructure(type, value).length === 0 ? [value as T] : [];
}
