/** What `kubectl get hpa` shows. */
import type { Column } from "../../machinery/kind.ts";
import { canonicalQuantity } from "../../machinery/quantity.ts";
import { ageColumn } from "../columns.ts";
import type { HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";
import type { MetricSpec, MetricTarget } from "./metrics.ts";
import type { MetricStatus, MetricValueStatus } from "./metrics-status.ts";

export const autoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
	{
		name: "Reference",
		type: "string",
		description: "What is scaled.",
		value: ({ spec }) => `${spec.scaleTargetRef?.kind ?? ""}/${spec.scaleTargetRef?.name ?? ""}`,
	},
	{
		name: "Targets",
		type: "string",
		description: "Measured values and what they should be.",
		value: ({ spec, status }) => formatTargets(spec.metrics ?? [], status?.currentMetrics ?? []),
	},
	{
		name: "MinPods",
		type: "string",
		description: "Fewest pods.",
		value: ({ spec }) => String(spec.minReplicas ?? "<unset>"),
	},
	{
		name: "MaxPods",
		type: "integer",
		description: "Most pods.",
		value: ({ spec }) => spec.maxReplicas ?? 0,
	},
	{
		name: "Replicas",
		type: "integer",
		description: "Pods there are.",
		value: ({ status }) => status?.currentReplicas ?? 0,
	},
	ageColumn,
];

/** More would not fit into a line. */
const SHOWN = 2;
const UNKNOWN = "<unknown>";

function formatTargets(metrics: readonly MetricSpec[], measured: readonly MetricStatus[]): string {
	if (metrics.length === 0) return "<none>";
	const texts = metrics.map((metric, index) => formatMetric(metric, measured[index]));
	const shown = texts.slice(0, SHOWN).join(", ");
	return texts.length > SHOWN ? `${shown} + ${texts.length - SHOWN} more...` : shown;
}

function formatMetric(metric: MetricSpec, status: MetricStatus | undefined): string {
	switch (metric.type) {
		case "External":
			return valueText(metric.external?.target, status?.external?.current);
		case "Object":
			return valueText(metric.object?.target, status?.object?.current);
		case "Pods":
			return `${amount(status?.pods?.current?.averageValue)}/${amount(metric.pods?.target?.averageValue)}`;
		case "Resource":
			return usageText(metric.resource, status?.resource?.current);
		case "ContainerResource":
			return usageText(metric.containerResource, status?.containerResource?.current);
		default:
			return "<unknown type>";
	}
}

const valueText = (target: MetricTarget | undefined, current: MetricValueStatus | undefined): string =>
	target?.averageValue
		? `${amount(current?.averageValue)}/${amount(target.averageValue)} (avg)`
		: `${amount(current?.value)}/${amount(target?.value)}`;

interface Usage {
	readonly name: string;
	readonly target: MetricTarget;
}

function usageText(usage: Usage | undefined, current: MetricValueStatus | undefined): string {
	const { target, name = "" } = usage ?? {};
	if (target?.averageValue) return `${name}: ${amount(current?.averageValue)}/${amount(target.averageValue)}`;
	return `${name}: ${share(current?.averageUtilization, UNKNOWN)}/${share(target?.averageUtilization, "<auto>")}`;
}

const amount = (quantity: string | undefined | null): string =>
	quantity ? canonicalQuantity(quantity) : UNKNOWN;
const share = (percent: number | undefined | null, absent: string): string =>
	percent === undefined || percent === null ? absent : `${percent}%`;
