/**
 * The JSONPath of printer columns and selectable fields: `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`,
 * `.spec.ports[0].port`, `.items[*].name`, `.metadata.labels.example\.com/a`, `['key']`.
 */
import { isJsonObject, own } from "./deep.ts";

type Step =
	| { readonly do: "field"; readonly name: string }
	| { readonly do: "index"; readonly index: number }
	| { readonly do: "slice"; readonly from: number | undefined; readonly to: number | undefined }
	| { readonly do: "all" }
	| { readonly do: "filter"; readonly path: JsonPath; readonly operator: string; readonly value: unknown };

export type JsonPath = readonly Step[];

const MAX_LENGTH = 4096;

/** Undefined for a text that is no such path. */
export function parseJsonPath(text: string): JsonPath | undefined {
	if (text.length > MAX_LENGTH) return undefined;
	const inner = text.startsWith("{") && text.endsWith("}") ? text.slice(1, -1) : text;
	const steps: Step[] = [];
	let rest = inner.startsWith("$") ? inner.slice(1) : inner;
	while (rest !== "") {
		const taken = fieldStep(rest) ?? bracketStep(rest);
		if (!taken) return undefined;
		if (taken.step) steps.push(taken.step);
		rest = rest.slice(taken.length);
	}
	return steps;
}

/** Every value that the path leads to. */
export function findAll(path: JsonPath, root: unknown): readonly unknown[] {
	let values: readonly unknown[] = [root];
	for (const step of path) values = values.flatMap((value) => stepInto(step, value));
	return values;
}

interface Taken {
	/** None for a path's lone dot. */
	readonly step?: Step;
	readonly length: number;
}

function fieldStep(text: string): Taken | undefined {
	if (text === ".") return { length: 1 };
	const match = /^\.((?:\\.|[^.[\]\\{}])+)/.exec(text);
	if (!match) return text.startsWith(".[") ? { length: 1 } : undefined;
	const name = (match[1] ?? "").replace(/\\(.)/g, "$1");
	return { step: name === "*" ? { do: "all" } : { do: "field", name }, length: match[0].length };
}

function bracketStep(text: string): Taken | undefined {
	const key = /^\[(?:'([^']*)'|"([^"]*)")\]/.exec(text);
	if (key) return { step: { do: "field", name: key[1] ?? key[2] ?? "" }, length: key[0].length };
	const index = /^\[(-?\d{1,9})\]/.exec(text);
	if (index) return { step: { do: "index", index: Number(index[1]) }, length: index[0].length };
	if (text.startsWith("[*]")) return { step: { do: "all" }, length: 3 };
	const slice = /^\[(-?\d{1,9})?:(-?\d{1,9})?\]/.exec(text);
	if (slice) {
		const [whole, from, to] = slice;
		const number = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));
		return { step: { do: "slice", from: number(from), to: number(to) }, length: whole.length };
	}
	return filterStep(text);
}

function filterStep(text: string): Taken | undefined {
	const match = /^\[\?\(\s*@([^=!<>)]*?)\s*(?:(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[^)\s]+)\s*)?\)\]/.exec(
		text,
	);
	if (!match) return undefined;
	const [whole, inner = "", operator = "exists", literal] = match;
	const path = parseJsonPath(inner);
	if (!path) return undefined;
	return { step: { do: "filter", path, operator, value: literalOf(literal) }, length: whole.length };
}

function literalOf(text: string | undefined): unknown {
	if (text === undefined) return undefined;
	if (/^["']/.test(text)) return text.slice(1, -1);
	if (text === "true" || text === "false") return text === "true";
	const number = Number(text);
	return Number.isNaN(number) ? text : number;
}

function stepInto(step: Step, value: unknown): readonly unknown[] {
	switch (step.do) {
		case "field": {
			const inner = isJsonObject(value) ? own(value, step.name) : undefined;
			return inner === undefined ? [] : [inner];
		}
		case "index": {
			const inner = Array.isArray(value) ? (value.at(step.index) as unknown) : undefined;
			return inner === undefined ? [] : [inner];
		}
		case "slice":
			return Array.isArray(value) ? value.slice(step.from, step.to) : [];
		case "all":
			if (Array.isArray(value)) return value;
			return isJsonObject(value) ? Object.values(value) : [];
		case "filter":
			return Array.isArray(value) ? value.filter((element) => passes(step, element)) : [];
	}
}

function passes(step: Extract<Step, { do: "filter" }>, element: unknown): boolean {
	const [found] = findAll(step.path, element);
	if (found === undefined) return false;
	const { operator, value } = step;
	if (operator === "exists") return true;
	if (operator === "==") return found === value;
	if (operator === "!=") return found !== value;
	if (typeof found !== typeof value || (typeof found !== "number" && typeof found !== "string")) return false;
	const [a, b] = [found, value as typeof found];
	if (operator === "<") return a < b;
	if (operator === "<=") return a <= b;
	return operator === ">" ? a > b : a >= b;
}
