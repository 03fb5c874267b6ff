/** Validation of what an autoscaler goes by. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { pathSegmentErrors } from "../../machinery/names.ts";
import { canonicalQuantity, parseQuantity } from "../../machinery/quantity.ts";
import { invalids } from "../field-checks.ts";
import type { MetricIdentifier, MetricSpec, MetricTarget } from "./metrics.ts";
import { validateTarget } from "./reference-validation.ts";

type Source = Exclude<keyof MetricSpec, "type">;

const SOURCE_OF: Readonly<Record<string, Source>> = {
	Object: "object",
	External: "external",
	Pods: "pods",
	Resource: "resource",
	ContainerResource: "containerResource",
};

/** Exactly the source that the type names must be there. */
export function validateMetric(metric: MetricSpec, path: string): FieldError[] {
	const { type } = metric;
	if (!type) return [required(`${path}.type`, "must specify a metric source type")];
	const expected = Object.hasOwn(SOURCE_OF, type) ? SOURCE_OF[type] : undefined;
	const present = Object.values(SOURCE_OF).filter((name) => metric[name]);
	const [first] = present;
	return [
		...(first ? sourceErrors(metric, first, `${path}.${first}`) : []),
		...(expected && !metric[expected]
			? [required(`${path}.${expected}`, "must populate information for the given metric source")]
			: []),
		...(present.length === 1
			? []
			: present
					.filter((name) => name !== expected)
					.map((name) => forbiddenField(`${path}.${name}`, "must populate the given metric source only"))),
	];
}

function sourceErrors(metric: MetricSpec, name: Source, path: string): FieldError[] {
	const source = metric[name];
	if (!source) return [];
	const target = source.target ?? { type: "" };
	const [value, average] = [isSet(target.value), isSet(target.averageValue)];
	const targetErrors = validateMetricTarget(target, `${path}.target`);
	switch (name) {
		case "object":
			return [
				...validateTarget(metric.object?.describedObject ?? {}, `${path}.describedObject`),
				...identifierErrors(metric.object?.metric, `${path}.metric`),
				...targetErrors,
				...(value || average
					? []
					: [required(`${path}.target.averageValue`, "must set either a target value or averageValue")]),
			];
		case "external":
			return [
				...identifierErrors(metric.external?.metric, `${path}.metric`),
				...targetErrors,
				...(value || average
					? []
					: [
							required(
								`${path}.target.averageValue`,
								"must set either a target value for metric or a per-pod target",
							),
						]),
				...(value && average
					? [
							forbiddenField(
								`${path}.target.value`,
								"may not set both a target value for metric and a per-pod target",
							),
						]
					: []),
			];
		case "pods":
			return [
				...identifierErrors(metric.pods?.metric, `${path}.metric`),
				...targetErrors,
				...(target.averageValue && isPositive(target.averageValue)
					? []
					: [required(`${path}.target.averageValue`, "must specify a positive target averageValue")]),
			];
		default:
			return [
				...(metric[name]?.name ? [] : [required(`${path}.name`, "must specify a resource name")]),
				...(name === "containerResource" && !metric.containerResource?.container
					? [required(`${path}.container`, "must specify a container")]
					: []),
				...targetErrors,
				...usageErrors(target, `${path}.target`),
			];
	}
}

/** Of a resource: an amount, or a share of what was requested. */
function usageErrors({ averageUtilization, averageValue }: MetricTarget, path: string): FieldError[] {
	const [share, amount] = [isSet(averageUtilization), isSet(averageValue)];
	if (share && amount)
		return [
			forbiddenField(`${path}.averageValue`, "may not set both a target raw value and a target utilization"),
		];
	return share || amount
		? []
		: [required(`${path}.averageUtilization`, "must set either a target raw value or a target utilization")];
}

const TARGET_TYPES = ["Utilization", "Value", "AverageValue"];

function validateMetricTarget(target: MetricTarget, path: string): FieldError[] {
	const { type, value, averageValue, averageUtilization } = target;
	const positive = (field: string, quantity: string | undefined | null) =>
		isSet(quantity) && !isPositive(quantity)
			? [invalidValue(field, canonicalQuantity(quantity), "must be positive")]
			: [];
	return [
		...(type ? [] : [required(`${path}.type`, "must specify a metric target type")]),
		...(TARGET_TYPES.includes(type ?? "")
			? []
			: [invalidValue(`${path}.type`, type ?? "", "must be either Utilization, Value, or AverageValue")]),
		...positive(`${path}.value`, value),
		...positive(`${path}.averageValue`, averageValue),
		...(isSet(averageUtilization) && averageUtilization < 1
			? [invalidValue(`${path}.averageUtilization`, averageUtilization, "must be greater than 0")]
			: []),
	];
}

const identifierErrors = (metric: MetricIdentifier | undefined, path: string): FieldError[] =>
	metric?.name
		? invalids(`${path}.name`, metric.name, pathSegmentErrors(metric.name))
		: [required(`${path}.name`, "must specify a metric name")];

const isSet = <T>(value: T | undefined | null): value is T => value !== undefined && value !== null;
const isPositive = (quantity: string) => parseQuantity(quantity) > 0n;
