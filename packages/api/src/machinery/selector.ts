/** Label selectors: what they match, and their canonical text. The `-l` syntax is read by `label-selector-parser.ts`. */
import { badRequest } from "./errors.ts";
import type { LabelSelector, LabelSelectorRequirement } from "./meta.ts";

export type Labels = Readonly<Record<string, string>>;

export type LabelOperator = "=" | "==" | "!=" | "in" | "notin" | "exists" | "!" | "gt" | "lt";

export interface LabelRequirement {
	readonly key: string;
	readonly operator: LabelOperator;
	/** Sorted, without duplicates. */
	readonly values: readonly string[];
}

export interface Selector {
	matches(labels: Labels | undefined): boolean;
	/** True when it restricts nothing. */
	readonly empty: boolean;
	/** Sorted by key; what it is compared and remembered by. */
	readonly requirements: readonly LabelRequirement[];
	/** `app=web,tier in (back,front),!old`. Reads back as the same selector; "" for one that matches nothing. */
	toString(): string;
}

/** Matches every set of labels. */
export const everything: Selector = selectorOfRequirements([]);

/** Matches no set of labels. */
export const nothing: Selector = Object.freeze({
	matches: () => false,
	empty: false,
	requirements: Object.freeze([]),
	toString: () => "",
});

export function selectorOfRequirements(requirements: readonly LabelRequirement[]): Selector {
	const sorted = Object.freeze(requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)));
	return Object.freeze({
		matches: (labels: Labels | undefined) =>
			sorted.every((requirement) => matchesRequirement(requirement, labels ?? NO_LABELS)),
		empty: sorted.length === 0,
		requirements: sorted,
		toString: () => sorted.map(requirementText).join(","),
	});
}

/**
 * The selector of a LabelSelector. Undefined matches nothing, `{}` everything. Throws a BadRequest for an operator that
 * does not exist, which validation never lets into the store.
 */
export function selectorOf(selector: LabelSelector | undefined | null): Selector {
	if (!selector) return nothing;
	return selectorOfRequirements([
		...equalities(selector.matchLabels),
		...(selector.matchExpressions ?? []).map(requirementOf),
	]);
}

/** The selector of a plain map, such as a service's. Undefined or `{}` matches everything. */
export const selectorOfMap = (labels: Labels | undefined | null): Selector =>
	selectorOfRequirements(equalities(labels));

/** Whether one requirement holds. Absent labels satisfy `!=`, `notin` and `!`. */
function matchesRequirement({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
	const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
	switch (operator) {
		case "=":
		case "==":
		case "in":
			return value !== undefined && values.includes(value);
		case "!=":
		case "notin":
			return value === undefined || !values.includes(value);
		case "exists":
			return value !== undefined;
		case "!":
			return value === undefined;
		case "gt":
			return exceeds(value, values[0]);
		case "lt":
			return exceeds(values[0], value);
	}
}

/** A 64-bit integer in decimal, as label comparisons demand; undefined for anything else. */
export function labelInteger(text: string | undefined): bigint | undefined {
	if (text === undefined || text.length > 20 || !/^[+-]?\d+$/.test(text)) return undefined;
	const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
	return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Whether both are integers and the first is the greater one. */
export function exceeds(value: string | undefined, bound: string | undefined): boolean {
	const left = labelInteger(value);
	const right = labelInteger(bound);
	return left !== undefined && right !== undefined && left > right;
}

const NO_LABELS: Labels = Object.freeze({});

const equalities = (labels: Labels | undefined | null): LabelRequirement[] =>
	Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: "=", values: [value] }));

const OPERATORS: Readonly<Record<string, LabelOperator>> = {
	In: "in",
	NotIn: "notin",
	Exists: "exists",
	DoesNotExist: "!",
};

function requirementOf({ key, operator, values }: LabelSelectorRequirement): LabelRequirement {
	const known = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
	if (!known) throw badRequest(`${JSON.stringify(operator)} is not a valid label selector operator`);
	return { key, operator: known, values: [...new Set(values ?? [])].sort() };
}

function requirementText({ key, operator, values }: LabelRequirement): string {
	switch (operator) {
		case "exists":
			return key;
		case "!":
			return `!${key}`;
		case "in":
		case "notin":
			return `${key} ${operator} (${values.join(",")})`;
		case "gt":
			return `${key}>${values[0]}`;
		case "lt":
			return `${key}<${values[0]}`;
		default:
			return `${key}${operator}${values[0]}`;
	}
}
