/**
 * What running an expression costs at the very most, from the declared sizes of what it reads. Where a size is not
 * declared, it is what fits into the largest request.
 */
import type { Call, Expression, Fold } from "./ast.ts";
import type { Checked } from "./checker.ts";
import { type CelType, DYN } from "./types.ts";

/** Bytes of a request body. */
const LARGEST_REQUEST = 3 * 1024 * 1024;
/** Characters read for one unit of cost. */
const TRAVERSAL = 0.1;
/** As folds.ts charges. */
const TURN = 2;
const ELEMENT = 12;
const AUTHORIZER_CHECK = 350_000;

/** Cost of a node with all below it, and how large its value can be (characters, elements). */
interface Estimate {
	readonly cost: number;
	readonly size: number;
}

export function worstCost(checked: Checked): number {
	return estimate(checked.root, checked, []).cost;
}

/** The most that one expression may cost, times how often it may be run for one object. */
export const COST_LIMIT = 10_000_000;
/** The most that all expressions of one schema may cost. */
export const SCHEMA_COST_LIMIT = 100_000_000;

/** `estimated rule cost exceeds budget by factor of more than 100x (…)`; undefined for what does not exceed it. */
export function excess(what: string, cost: number, limit: number): string | undefined {
	if (cost <= limit) return undefined;
	const factor = cost / limit;
	const times = factor > 100 ? "more than 100" : factor < 1.5 ? factor.toFixed(6) : factor.toFixed(1);
	return `${what} exceeds budget by factor of ${times}x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** Values of the type at most: characters of a text, elements of a list or map. */
export function largestSize(type: CelType): number {
	switch (type.kind) {
		case "string":
		case "bytes":
			return type.max ?? LARGEST_REQUEST - 2;
		case "dyn":
			return LARGEST_REQUEST - 2;
		case "list":
			return type.max ?? (LARGEST_REQUEST - 2) / (smallest(type.of) + 1);
		case "map":
			return type.max ?? (LARGEST_REQUEST - 2) / (smallest(type.value) + 6);
		case "optional":
			return largestSize(type.of);
		default:
			return 1;
	}
}

/** Bytes of the shortest JSON of a value. */
function smallest(type: CelType): number {
	switch (type.kind) {
		case "bool":
		case "null":
			return 4;
		case "timestamp":
			return 22;
		case "string":
		case "bytes":
		case "list":
		case "map":
			return 2;
		case "object":
			return type.smallest ?? 2;
		default:
			return 1;
	}
}

type Sizes = readonly number[];

function estimate(node: Expression, checked: Checked, locals: Sizes): Estimate {
	const size = largestSize(checked.types.get(node) ?? DYN);
	const of = (child: Expression) => estimate(child, checked, locals);
	switch (node.kind) {
		case "constant":
			return { cost: 0, size: typeof node.value === "string" ? node.value.length : 1 };
		case "identifier": {
			const reference = checked.references.get(node);
			return { cost: 1, size: reference?.kind === "local" ? (locals[reference.slot] ?? size) : size };
		}
		case "select":
			return { cost: of(node.operand).cost + 1, size };
		case "call":
			return ofCall(node, checked, locals);
		case "list":
			return { cost: 10 + sum(node.elements.map(({ value }) => of(value).cost)), size: node.elements.length };
		case "map": {
			const costs = node.entries.map(({ key, value }) => of(key).cost + of(value).cost);
			return { cost: 30 + sum(costs), size: node.entries.length };
		}
		case "struct":
			return { cost: 40 + sum(node.entries.map(({ value }) => of(value).cost)), size: 1 };
		case "fold":
			return ofFold(node, checked, locals);
		case "bind": {
			const value = of(node.value);
			const body = estimate(node.body, checked, [...locals, value.size]);
			return { cost: 1 + value.cost + body.cost, size: body.size };
		}
	}
}

function ofFold(node: Fold, checked: Checked, locals: Sizes): Estimate {
	const range = estimate(node.range, checked, locals);
	const type = checked.types.get(node.range) ?? DYN;
	const key = type.kind === "map" ? largestSize(type.key) : 1;
	const item = largestSize(type.kind === "list" ? type.of : type.kind === "map" ? type.value : DYN);
	const single = type.kind === "map" ? key : item;
	const inner = [...locals, ...(node.variables.length === 2 ? [key, item] : [single])];
	const body = estimate(node.body, checked, inner);
	const where = node.where ? estimate(node.where, checked, inner).cost : 0;
	const makes = node.operation !== "all" && node.operation !== "exists" && node.operation !== "existsOne";
	return {
		cost: range.cost + range.size * ((makes ? ELEMENT : TURN) + where + body.cost),
		size: makes ? range.size : 1,
	};
}

function ofCall(node: Call, checked: Checked, locals: Sizes): Estimate {
	const operands = [...(node.target ? [node.target] : []), ...node.args];
	const parts = operands
		.filter((operand) => checked.types.has(operand))
		.map((operand) => estimate(operand, checked, locals));
	const cost = sum(parts.map((part) => part.cost));
	const type = checked.types.get(node) ?? DYN;
	const sizes = parts.map((part) => part.size);
	const [first = 1, second = 1] = sizes;
	if (node.name === "_?_:_") {
		const [condition, yes, no] = parts;
		const most = Math.max(yes?.cost ?? 0, no?.cost ?? 0);
		return { cost: (condition?.cost ?? 0) + most, size: Math.max(yes?.size ?? 1, no?.size ?? 1) };
	}
	return {
		cost: cost + ownCost(node, first, second, operands, checked),
		size: resultSize(node.name, type, sizes),
	};
}

function ownCost(
	node: Call,
	first: number,
	second: number,
	operands: readonly Expression[],
	checked: Checked,
): number {
	const textual = isText(checked.types.get(operands[0] ?? node));
	switch (node.name) {
		case "_&&_":
		case "_||_":
			return 0;
		case "size":
			return 1;
		case "startsWith":
		case "endsWith":
			return 1 + second * TRAVERSAL;
		case "matches":
		case "find":
		case "findAll":
			return 1 + first * TRAVERSAL * Math.max(1, second * 0.25);
		case "_==_":
		case "_!=_":
		case "_<_":
		case "_<=_":
		case "_>_":
		case "_>=_":
			return 1 + Math.min(first, second) * TRAVERSAL;
		case "_+_":
			return 1 + (textual || first > 1 ? (first + second) * TRAVERSAL : 0);
		case "@in":
			return checked.types.get(operands[1] ?? node)?.kind === "map"
				? 1
				: 1 + second * (1 + first * TRAVERSAL);
		case "isSorted":
		case "sum":
		case "min":
		case "max":
		case "indexOf":
		case "lastIndexOf":
			return 1 + (textual ? first * TRAVERSAL : first);
		case "contains":
		case "intersects":
		case "equivalent":
			return 1 + (textual ? first * TRAVERSAL : first * second);
		case "check":
			return AUTHORIZER_CHECK;
		default:
			return 1 + (textual && !CONSTANT.has(node.name) ? first * TRAVERSAL : 0);
	}
}

/** Of texts and values of any type: what does not grow with them, as cel-go counts. */
const CONSTANT: ReadonlySet<string> = new Set([
	...["bool", "double", "duration", "dyn", "int", "timestamp", "type", "uint"],
	...["_[_]", "_[?_]", "_?._", "charAt", "optional.of", "optional.ofNonZeroValue"],
]);

const isText = (type: CelType | undefined): boolean =>
	type?.kind === "string" || type?.kind === "bytes" || type?.kind === "dyn";

/** Texts and lists made of others are hardly larger than these together. */
function resultSize(name: string, type: CelType, sizes: readonly number[]): number {
	if (name === "_[_]" || name === "_[?_]") return largestSize(type);
	const made = type.kind === "string" || type.kind === "bytes" || type.kind === "list";
	return made ? Math.min(largestSize(type), Math.max(1, sum(sizes))) : 1;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
