/** Validation of when a job fails early, and when it has succeeded early. */
import {
	duplicate,
	type FieldError,
	invalidAltogether,
	invalidValue,
	notSupported,
	required,
	tooLong,
	tooMany,
} from "../../machinery/field-error.ts";
import { nonNegative, qualifiedName } from "../field-checks.ts";
import type { JobSpec } from "./job-spec.ts";
import type {
	PodFailurePolicyOnExitCodesRequirement,
	PodFailurePolicyRule,
	SuccessPolicyRule,
} from "./pod-failure-policy.ts";

const MAX_RULES = 20;
const MAX_PATTERNS = 20;
const MAX_EXIT_CODES = 255;
const ACTIONS = '["Count" "FailIndex" "FailJob" "Ignore"]';
const STATUSES = ["False", "True", "Unknown"];

export function validateFailurePolicy(spec: JobSpec, path: string): FieldError[] {
	const rules = spec.podFailurePolicy?.rules ?? [];
	return [
		...(rules.length > MAX_RULES ? [tooMany(`${path}.rules`, rules.length, MAX_RULES)] : []),
		...rules.flatMap((rule, index) => failureRuleErrors(rule, spec, `${path}.rules[${index}]`)),
	];
}

function failureRuleErrors(rule: PodFailurePolicyRule, spec: JobSpec, path: string): FieldError[] {
	const { action, onExitCodes, onPodConditions = [] } = rule;
	return [
		...(action ? [] : [required(`${path}.action`, `valid values: ${ACTIONS}`)]),
		...(action === "FailIndex" && (spec.backoffLimitPerIndex ?? null) === null
			? [invalidValue(`${path}.action`, action, "requires the backoffLimitPerIndex to be set")]
			: []),
		...(onExitCodes ? exitCodeErrors(onExitCodes, spec, `${path}.onExitCodes`) : []),
		...(onPodConditions.length > MAX_PATTERNS
			? [tooMany(`${path}.onPodConditions`, onPodConditions.length, MAX_PATTERNS)]
			: []),
		...onPodConditions.flatMap(({ type, status }, index) => {
			const field = `${path}.onPodConditions[${index}]`;
			return [
				...qualifiedName(`${field}.type`, type),
				...(!status
					? [required(`${field}.status`, 'valid values: ["False" "True" "Unknown"]')]
					: STATUSES.includes(status)
						? []
						: [notSupported(`${field}.status`, status, STATUSES)]),
			];
		}),
		...(onExitCodes && onPodConditions.length > 0
			? [invalidAltogether(path, "specifying both OnExitCodes and OnPodConditions is not supported")]
			: []),
		...(!onExitCodes && onPodConditions.length === 0
			? [invalidAltogether(path, "specifying one of OnExitCodes and OnPodConditions is required")]
			: []),
	];
}

function exitCodeErrors(
	{ operator, containerName, values = [] }: PodFailurePolicyOnExitCodesRequirement,
	{ template }: JobSpec,
	path: string,
): FieldError[] {
	const { containers = [], initContainers = [] } = template?.spec ?? {};
	const isKnown = [...containers, ...initContainers].some(({ name }) => name === containerName);
	const field = `${path}.values`;
	const seen = new Set<number>();
	return [
		...(operator ? [] : [required(`${path}.operator`, 'valid values: ["In" "NotIn"]')]),
		...((containerName ?? null) !== null && !isKnown
			? [
					invalidValue(
						`${path}.containerName`,
						containerName,
						"must be one of the container or initContainer names in the pod template",
					),
				]
			: []),
		...(values.length === 0
			? [invalidValue(field, values, "at least one value is required")]
			: values.length > MAX_EXIT_CODES
				? [tooMany(field, values.length, MAX_EXIT_CODES)]
				: []),
		...values.flatMap((value, index) => {
			const isRepeated = seen.has(value);
			seen.add(value);
			return [
				...(operator === "In" && value === 0
					? [invalidValue(`${field}[${index}]`, value, "must not be 0 for the In operator")]
					: []),
				...(isRepeated ? [duplicate(`${field}[${index}]`, value)] : []),
			];
		}),
		...(values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value)
			? [invalidValue(field, values, "must be ordered")]
			: []),
	];
}

const MAX_INDEXES_LENGTH = 64 * 1024;

export function validateSuccessPolicy(spec: JobSpec, path: string): FieldError[] {
	const rules = spec.successPolicy?.rules ?? [];
	return [
		...(rules.length === 0
			? [
					required(
						`${path}.rules`,
						"at least one rules must be specified when the successPolicy is specified",
					),
				]
			: []),
		...(rules.length > MAX_RULES ? [tooMany(`${path}.rules`, rules.length, MAX_RULES)] : []),
		...rules.flatMap((rule, index) =>
			successRuleErrors(rule, spec.completions ?? 0, `${path}.rules[${index}]`),
		),
	];
}

function successRuleErrors(rule: SuccessPolicyRule, completions: number, path: string): FieldError[] {
	const count = rule.succeededCount ?? undefined;
	const indexes = rule.succeededIndexes ?? undefined;
	if (count === undefined && indexes === undefined)
		return [required(path, "at least one of succeededCount or succeededIndexes must be specified")];
	const field = `${path}.succeededIndexes`;
	const total = indexes === undefined ? 0 : countIndexes(indexes, completions);
	const most = (limit: number, what: string) =>
		count !== undefined && count > limit
			? [
					invalidValue(
						`${path}.succeededCount`,
						count,
						`must be less than or equal to ${limit} (the number of ${what})`,
					),
				]
			: [];
	return [
		...(indexes !== undefined && indexes.length > MAX_INDEXES_LENGTH
			? [tooLong(field, MAX_INDEXES_LENGTH)]
			: []),
		...(typeof total === "string"
			? [invalidValue(field, indexes, `error parsing succeededIndexes: ${total}`)]
			: []),
		...nonNegative(`${path}.succeededCount`, count),
		...most(completions, "specified completions"),
		...(indexes === undefined
			? []
			: most(typeof total === "number" ? total : 0, "indexes in the specified succeededIndexes field")),
	];
}

/** How many indexes `1,3-5,7` names, or what is wrong with it. */
function countIndexes(text: string, completions: number): number | string {
	if (text === "") return 0;
	let last: number | undefined;
	let total = 0;
	for (const interval of text.split(",")) {
		const limits = interval.split("-");
		if (limits.length > 2)
			return `the fragment ${JSON.stringify(interval)} violates the requirement that an index interval can have at most two parts separated by '-'`;
		for (const [position, limit] of limits.entries()) {
			if (!/^[+-]?\d+$/.test(limit))
				return `cannot convert string to integer for index: ${JSON.stringify(limit)}`;
			const index = Number(limit);
			if (index >= completions) return `too large index: ${JSON.stringify(limit)}`;
			if (last !== undefined && last >= index)
				return `non-increasing order, previous: ${last}, current: ${index}`;
			total += position === 0 ? 1 : index - (last ?? 0);
			last = index;
		}
	}
	return total;
}
