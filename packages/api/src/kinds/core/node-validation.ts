/** Validation of nodes. */
import { duplicate, type FieldError, forbiddenField, invalidValue } from "../../machinery/field-error.ts";
import { labelValueErrors } from "../../machinery/names.ts";
import { cidrErrors, invalids, qualifiedName, requiredText } from "../field-checks.ts";
import type { Node, NodeSpec } from "./node.ts";
import { nodeQuantityErrors } from "./resource-validation.ts";
import type { Taint } from "./scheduling.ts";

export const validateNode = ({ spec, status }: Node): FieldError[] => [
	...taintErrors(spec.taints ?? []),
	...rangeErrors(spec.podCIDRs ?? []),
	...nodeQuantityErrors(status?.capacity ?? {}, "status.capacity"),
	...nodeQuantityErrors(status?.allocatable ?? {}, "status.allocatable"),
];

function taintErrors(taints: readonly Taint[]): FieldError[] {
	const seen = new Set<string>();
	return taints.flatMap((taint, index) => {
		const { key, value = "", effect } = taint;
		const path = `spec.taints[${index}]`;
		const pair = JSON.stringify([key, effect]);
		const isRepeated = seen.has(pair);
		seen.add(pair);
		const messages = labelValueErrors(value);
		return [
			...qualifiedName(`${path}.key`, key),
			...(messages.length > 0 ? [invalidValue(`${path}.value`, value, messages.join(";"))] : []),
			...requiredText(`${path}.effect`, effect),
			...(isRepeated ? [repeatedTaint(path, taint)] : []),
		];
	});
}

function repeatedTaint(path: string, taint: Taint): FieldError {
	const error = duplicate(path, taint);
	return { ...error, message: `${error.message}: taints must be unique by key and effect pair` };
}

function rangeErrors(ranges: readonly string[]): FieldError[] {
	const families = new Set(ranges.map((range) => range.includes(":")));
	return [
		...ranges.flatMap((range, index) => invalids(`spec.podCIDRs[${index}]`, range, cidrErrors(range))),
		...(ranges.length > families.size
			? [invalidValue("spec.podCIDRs", ranges, "may specify no more than one CIDR for each IP family")]
			: []),
	];
}

export const validateNodeUpdate = ({ spec }: Node, { spec: old }: Node): FieldError[] => [
	...onceErrors("podCIDRs", rangesOf(spec), rangesOf(old), "podCIDR"),
	...onceErrors("providerID", spec.providerID ?? "", old.providerID ?? "", "providerID"),
	...((spec.externalID ?? "") === (old.externalID ?? "")
		? []
		: [forbiddenField("spec.externalID", "may not be updated")]),
];

const rangesOf = ({ podCIDRs }: NodeSpec) => (podCIDRs ?? []).join(",");

/** May be set once, and stays. */
const onceErrors = (field: string, now: string, before: string, what: string): FieldError[] =>
	before === "" || now === before
		? []
		: [forbiddenField(`spec.${field}`, `node updates may not change ${what} except from "" to valid`)];

export const validateNodeStatusUpdate = ({ status }: Node): FieldError[] => {
	const seen = new Set<string>();
	return [
		...nodeQuantityErrors(status?.capacity ?? {}, "status.capacity"),
		...nodeQuantityErrors(status?.allocatable ?? {}, "status.allocatable"),
		...(status?.addresses ?? []).flatMap((address, index) => {
			const key = JSON.stringify([address.type, address.address]);
			if (seen.has(key)) return [duplicate(`status.addresses[${index}]`, address)];
			seen.add(key);
			return [];
		}),
	];
};
