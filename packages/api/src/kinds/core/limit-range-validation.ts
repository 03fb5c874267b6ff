/** Defaults and validation of limit ranges. */
import {
	duplicate,
	type FieldError,
	forbiddenField,
	invalidValue,
	required,
} from "../../machinery/field-error.ts";
import { canonicalQuantity, compareQuantities, parseQuantity } from "../../machinery/quantity.ts";
import { change, mapSame } from "../fill.ts";
import type { LimitRange, LimitRangeItem } from "./limit-range.ts";
import { CONTAINER_RESOURCES, mayExceedNode, resourceNameErrors } from "./quota-resources.ts";

type Quantities = Readonly<Record<string, string>>;

/** For containers, what is not said follows from what is: limit from maximum, request from limit, then from minimum. */
export const defaultLimitRange = (range: LimitRange): LimitRange =>
	change(range, "spec", (spec) =>
		change(spec, "limits", (limits) =>
			mapSame(limits, (item) => {
				if (item.type !== "Container") return item;
				const limit: Quantities = { ...item.max, ...item.default };
				const request: Quantities = { ...item.min, ...limit, ...item.defaultRequest };
				return {
					...item,
					...(isEmpty(limit) ? {} : { default: limit }),
					...(isEmpty(request) ? {} : { defaultRequest: request }),
				};
			}),
		),
	);

const isEmpty = (quantities: Quantities) => Object.keys(quantities).length === 0;

export function validateLimitRange({ spec }: LimitRange): FieldError[] {
	const seen = new Set<string>();
	return (spec.limits ?? []).flatMap((item, index) => {
		const path = `spec.limits[${index}]`;
		const isRepeated = seen.has(item.type);
		seen.add(item.type);
		return [
			...resourceNameErrors(
				`${path}.type`,
				item.type ?? "",
				(type) => LIMIT_TYPES.includes(type),
				"must be a standard limit type or fully qualified",
			),
			...(isRepeated ? [duplicate(`${path}.type`, item.type)] : []),
			...itemErrors(item, path),
		];
	});
}

const LIMIT_TYPES = ["Pod", "Container", "PersistentVolumeClaim"];
const LISTS = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;
const DEFAULTS = ["default", "defaultRequest"] as const;

function itemErrors(item: LimitRangeItem, path: string): FieldError[] {
	const isPod = item.type === "Pod";
	const names = new Set(LISTS.flatMap((list) => Object.keys(item[list] ?? {})));
	return [
		...LISTS.flatMap((list) =>
			isPod && (list === "default" || list === "defaultRequest")
				? []
				: Object.keys(item[list] ?? {}).flatMap((name) =>
						limitedNameErrors(`${path}.${list}[${name}]`, name, item.type),
					),
		),
		...DEFAULTS.flatMap((list) =>
			isPod && Object.keys(item[list] ?? {}).length > 0
				? [forbiddenField(`${path}.${list}`, "may not be specified when `type` is 'Pod'")]
				: [],
		),
		...(item.type === "PersistentVolumeClaim" && !at(item.min, "storage") && !at(item.max, "storage")
			? [
					required(
						`${path}.limits`,
						"either minimum or maximum storage value is required, but neither was provided",
					),
				]
			: []),
		...[...names].flatMap((name) => orderErrors(item, name, path)),
	];
}

const limitedNameErrors = (field: string, name: string, type: string): FieldError[] => {
	const errors = resourceNameErrors(field, name);
	const isStandard = !name.includes("/");
	const fits =
		type === "Pod" || type === "Container"
			? CONTAINER_RESOURCES.includes(name) || name.startsWith("hugepages-")
			: true;
	return errors.length > 0 || !isStandard || fits
		? errors
		: [invalidValue(field, name, "must be a standard resource for containers")];
};

const at = (quantities: Quantities | undefined, name: string): string | undefined =>
	quantities && Object.hasOwn(quantities, name) ? quantities[name] : undefined;

/** The limits of one resource must leave room for each other. */
function orderErrors(item: LimitRangeItem, name: string, path: string): FieldError[] {
	const [max, min, limit, request, ratio] = LISTS.map((list) => at(item[list], name));
	const field = (list: string) => `${path}.${list}[${name}]`;
	const ordered = (
		list: string,
		small: string | undefined,
		large: string | undefined,
		told: string | undefined,
		words: readonly [small: string, large: string],
	): FieldError[] =>
		small !== undefined && large !== undefined && compareQuantities(small, large) > 0
			? [
					invalidValue(
						field(list),
						canonicalQuantity(told ?? small),
						`${words[0]} value ${canonicalQuantity(small)} is greater than ${words[1]} value ${canonicalQuantity(large)}`,
					),
				]
			: [];
	return [
		...ordered("min", min, max, min, ["min", "max"]),
		...ordered("defaultRequest", min, request, request, ["min", "default request"]),
		...ordered("defaultRequest", request, max, request, ["default request", "max"]),
		...ordered("defaultRequest", request, limit, request, ["default request", "default limit"]),
		...ordered("default", min, limit, min, ["min", "default"]),
		...ordered("default", limit, max, max, ["default", "max"]),
		...(ratio === undefined ? [] : ratioErrors(field("maxLimitRequestRatio"), ratio, min, max)),
		...(!mayExceedNode(name) && limit && request && compareQuantities(limit, request) !== 0
			? [
					invalidValue(
						field("defaultRequest"),
						canonicalQuantity(request),
						`default value ${canonicalQuantity(limit)} must equal to defaultRequest value ${canonicalQuantity(request)} in ${name}`,
					),
				]
			: []),
	];
}

function ratioErrors(
	field: string,
	ratio: string,
	min: string | undefined,
	max: string | undefined,
): FieldError[] {
	const text = canonicalQuantity(ratio);
	if (compareQuantities(ratio, "1") < 0) return [invalidValue(field, text, `ratio ${text} is less than 1`)];
	const least = min === undefined ? 0n : parseQuantity(min);
	if (max === undefined || least <= 0n) return [];
	const most = Number(parseQuantity(max)) / Number(least);
	return Number(parseQuantity(ratio)) / 1e9 > most
		? [invalidValue(field, text, `ratio ${text} is greater than max/min = ${most.toFixed(6)}`)]
		: [];
}
