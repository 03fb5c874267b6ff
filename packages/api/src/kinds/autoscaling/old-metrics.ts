/** Metrics as version 1 writes them in annotations: flat, where version 2 has objects for metric and target. */
import type { LabelSelector } from "../../machinery/meta.ts";
import type { CrossVersionObjectReference, MetricSpec, MetricTarget } from "./metrics.ts";
import type { MetricStatus, MetricValueStatus } from "./metrics-status.ts";

/** Whatever stands in an annotation; all of it is optional, because anybody may write there. */
export interface OldMetric {
	readonly type?: string | undefined;
	readonly object?: OldSource | undefined;
	readonly pods?: OldSource | undefined;
	readonly resource?: OldSource | undefined;
	readonly containerResource?: OldSource | undefined;
	readonly external?: OldSource | undefined;
}

interface OldSource {
	readonly name?: string | undefined;
	readonly container?: string | undefined;
	readonly metricName?: string | undefined;
	readonly selector?: LabelSelector | undefined;
	readonly metricSelector?: LabelSelector | undefined;
	/** The object that is measured. */
	readonly target?: CrossVersionObjectReference | undefined;
	readonly targetValue?: string | undefined;
	readonly averageValue?: string | undefined;
	readonly targetAverageValue?: string | undefined;
	readonly targetAverageUtilization?: number | undefined;
	readonly currentValue?: string | undefined;
	readonly currentAverageValue?: string | undefined;
	readonly currentAverageUtilization?: number | undefined;
}

type Source = "object" | "pods" | "resource" | "containerResource" | "external";
const SOURCES: readonly (readonly [source: Source, type: MetricSpec["type"]])[] = [
	["object", "Object"],
	["pods", "Pods"],
	["resource", "Resource"],
	["containerResource", "ContainerResource"],
	["external", "External"],
];

const sourceOf = (metric: OldMetric): readonly [Source, MetricSpec["type"], OldSource] => {
	const [source, type] =
		SOURCES.find(([name, kind]) => metric.type === kind && metric[name]) ??
		SOURCES.find(([name]) => metric[name]) ??
		(["resource", "Resource"] as const);
	const found: unknown = metric[source];
	return [source, type, typeof found === "object" && found !== null ? (found as OldSource) : {}];
};

export function oldMetric(metric: MetricSpec): OldMetric {
	const { type, object, pods, resource, containerResource, external } = metric;
	return dropAbsent({
		type,
		object: object && {
			target: object.describedObject,
			metricName: object.metric.name,
			selector: object.metric.selector,
			targetValue: object.target.value ?? "0",
			averageValue: object.target.averageValue,
		},
		pods: pods && {
			metricName: pods.metric.name,
			selector: pods.metric.selector,
			targetAverageValue: pods.target.averageValue,
		},
		resource: resource && { name: resource.name, ...oldUsage(resource.target) },
		containerResource: containerResource && {
			name: containerResource.name,
			container: containerResource.container,
			...oldUsage(containerResource.target),
		},
		external: external && {
			metricName: external.metric.name,
			metricSelector: external.metric.selector,
			targetValue: external.target.value,
			targetAverageValue: external.target.averageValue,
		},
	});
}

const oldUsage = ({ averageUtilization, averageValue }: MetricTarget): OldSource => ({
	targetAverageUtilization: averageUtilization,
	targetAverageValue: averageValue,
});

export const presentMetric = (old: OldMetric): MetricSpec =>
	presentForm(old, (said, source) => ({ target: targetOf(said, source) }));

function targetOf(said: OldSource, source: Source): MetricTarget {
	const averageValue = said.targetAverageValue ?? said.averageValue;
	if (said.targetAverageUtilization !== undefined)
		return { type: "Utilization", averageUtilization: said.targetAverageUtilization };
	if (averageValue !== undefined) return { type: "AverageValue", averageValue };
	return source === "object" || source === "external"
		? { type: "Value", value: said.targetValue }
		: { type: "AverageValue" };
}

export function oldMetricStatus(status: MetricStatus): OldMetric {
	const { type, object, pods, resource, containerResource, external } = status;
	return dropAbsent({
		type,
		object: object && {
			target: object.describedObject,
			metricName: object.metric.name,
			selector: object.metric.selector,
			currentValue: object.current.value ?? "0",
			averageValue: object.current.averageValue,
		},
		pods: pods && {
			metricName: pods.metric.name,
			selector: pods.metric.selector,
			currentAverageValue: pods.current.averageValue ?? "0",
		},
		resource: resource && { name: resource.name, ...oldValues(resource.current) },
		containerResource: containerResource && {
			name: containerResource.name,
			container: containerResource.container,
			...oldValues(containerResource.current),
		},
		external: external && {
			metricName: external.metric.name,
			metricSelector: external.metric.selector,
			currentValue: external.current.value ?? "0",
			currentAverageValue: external.current.averageValue,
		},
	});
}

const oldValues = ({ averageUtilization, averageValue }: MetricValueStatus): OldSource => ({
	currentAverageUtilization: averageUtilization,
	currentAverageValue: averageValue ?? "0",
});

export const presentMetricStatus = (old: OldMetric): MetricStatus =>
	presentForm(old, (said) => ({
		current: {
			value: said.currentValue,
			averageValue: said.currentAverageValue ?? said.averageValue,
			averageUtilization: said.currentAverageUtilization,
		},
	}));

/** A metric under the field of its source, with what `measured` makes of the numbers. */
function presentForm<M extends object>(old: OldMetric, measured: (said: OldSource, source: Source) => M) {
	const [source, type, said] = sourceOf(old);
	const metric = { name: said.metricName ?? "", selector: said.selector ?? said.metricSelector };
	const numbers = measured(said, source);
	switch (source) {
		case "object":
			return dropAbsent({
				type,
				object: { describedObject: said.target ?? { kind: "", name: "" }, metric, ...numbers },
			});
		case "pods":
			return dropAbsent({ type, pods: { metric, ...numbers } });
		case "external":
			return dropAbsent({ type, external: { metric, ...numbers } });
		case "containerResource":
			return dropAbsent({
				type,
				containerResource: { name: said.name ?? "", container: said.container ?? "", ...numbers },
			});
		default:
			return dropAbsent({ type, resource: { name: said.name ?? "", ...numbers } });
	}
}

/** Without fields that are undefined, at any depth: they would be written as nothing, and compared as something. */
function dropAbsent<T>(value: T): T {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	const entries = Object.entries(value).filter(([, field]) => field !== undefined && field !== null);
	return Object.fromEntries(entries.map(([key, field]) => [key, dropAbsent(field)])) as T;
}
