/** The rules in CEL that a schema holds (x-kubernetes-validations), over whole objects. */
import {
	deepEqual,
	duplicate,
	type FieldError,
	forbiddenField,
	invalidValue,
	isJsonObject,
	type JsonSchema,
	own,
	required,
	type ValidationRule,
} from "@berth/api";
import { type CelBudget, CelCompileError, CelCostError, CelError, createBudget } from "../../cel/cel.ts";
import { type CompiledRule, compileRule } from "./compile-rule.ts";
import { join } from "./validator.ts";

export interface Rules {
	readonly count: number;
	/** Every rule that fails; `old` undefined for a new object. */
	errors(object: unknown, old: unknown): FieldError[];
}

/** A place in the schema that has rules, or has them below. */
interface Node {
	readonly schema: JsonSchema;
	readonly rules: readonly CompiledRule[];
	readonly properties: ReadonlyMap<string, Node>;
	readonly items: Node | undefined;
	readonly values: Node | undefined;
}

export function createRules(root: JsonSchema): Rules {
	let count = 0;
	const node = nodeOf(root, "object", true, (rules) => {
		count += rules;
	});
	return {
		count,
		errors: (object, old) => {
			if (!node) return [];
			const run: Run = { budget: createBudget(), errors: [], over: false };
			check(node, object, old, "", run);
			return run.errors;
		},
	};
}

function nodeOf(
	schema: JsonSchema,
	name: string,
	isRoot: boolean,
	counted: (rules: number) => void,
): Node | undefined {
	const rules = (schema["x-kubernetes-validations"] ?? []).map((rule) =>
		compileRule(rule, schema, name, isRoot),
	);
	counted(rules.length);
	const properties = new Map<string, Node>();
	for (const [key, inner] of Object.entries(schema.properties ?? {})) {
		const below = nodeOf(inner, `${name}.${key}`, false, counted);
		if (below) properties.set(key, below);
	}
	const { items, additionalProperties } = schema;
	const inner = typeof items === "object" && !Array.isArray(items) ? (items as JsonSchema) : undefined;
	const ofItems = inner && nodeOf(inner, `${name}.@idx`, false, counted);
	const ofValues =
		typeof additionalProperties === "object"
			? nodeOf(additionalProperties, `${name}.@elem`, false, counted)
			: undefined;
	if (!rules.length && !properties.size && !ofItems && !ofValues) return undefined;
	return { schema, rules, properties, items: ofItems, values: ofValues };
}

interface Run {
	readonly budget: CelBudget;
	readonly errors: FieldError[];
	/** Out of budget: nothing is checked any more. */
	over: boolean;
}

function check(node: Node, value: unknown, old: unknown, path: string, run: Run): void {
	if (value === undefined || value === null || run.over) return;
	if (node.rules.length) {
		const unchanged = old !== undefined && deepEqual(value, old);
		for (const rule of node.rules) {
			if (run.over) return;
			// What was there before and breaks a rule made since is forgiven; transitions are always judged.
			if (unchanged && !rule.isTransition) continue;
			const error = evaluate(rule, value, old, path, run);
			if (error) run.errors.push(error);
		}
	}
	if (Array.isArray(value)) {
		if (!node.items) return;
		const before = earlier(node.schema, old);
		for (const [index, item] of value.entries())
			check(node.items, item, before(item), `${path}[${index}]`, run);
	} else if (isJsonObject(value)) {
		const was = isJsonObject(old) ? old : {};
		for (const [key, below] of node.properties)
			check(below, own(value, key), own(was, key), join(path, key), run);
		if (!node.values) return;
		for (const [key, inner] of Object.entries(value)) {
			if (!node.properties.has(key)) check(node.values, inner, own(was, key), `${path}[${key}]`, run);
		}
	}
}

/** Only the items of a list by keys can be told apart over time. */
function earlier(schema: JsonSchema, old: unknown): (item: unknown) => unknown {
	const keys = schema["x-kubernetes-list-map-keys"];
	if (schema["x-kubernetes-list-type"] !== "map" || !keys || !Array.isArray(old)) return () => undefined;
	const identify = (item: unknown) =>
		JSON.stringify(keys.map((key) => (isJsonObject(item) ? own(item, key) : null)));
	const known = new Map(old.map((item: unknown) => [identify(item), item]));
	return (item) => known.get(identify(item));
}

function evaluate(
	rule: CompiledRule,
	value: unknown,
	old: unknown,
	path: string,
	run: Run,
): FieldError | undefined {
	if (rule.isTransition && old === undefined && !rule.takesNoOld) return undefined;
	const { source } = rule;
	const wrong = (detail: string) => invalidValue(path || "<nil>", typeOf(value), detail);
	try {
		if (rule.passes(value, old, run.budget)) return undefined;
		return failure(source, rule.message(value, old, run.budget), path, value);
	} catch (error) {
		if (error instanceof CelCostError) {
			run.over = true;
			return wrong(
				`validation failed due to running out of cost budget, no further validation rules will be run: ${textOf(source)}`,
			);
		}
		if (error instanceof CelCompileError)
			return wrong(`rule compile error: compilation failed: ${error.message}`);
		if (error instanceof CelError) return wrong(`${error.message} evaluating rule: ${textOf(source)}`);
		throw error;
	}
}

const textOf = ({ message, rule }: ValidationRule): string =>
	message?.trim() || `failed rule: ${rule.trim()}`;

function failure(
	source: ValidationRule,
	message: string | undefined,
	path: string,
	value: unknown,
): FieldError {
	const detail = message ?? textOf(source);
	const field = `${path}${source.fieldPath ?? ""}`.replace(/^\./, "") || "<nil>";
	switch (source.reason) {
		case "FieldValueRequired":
			return required(field, detail);
		case "FieldValueForbidden":
			return forbiddenField(field, detail);
		case "FieldValueDuplicate":
			return duplicate(field, typeOf(value));
		default:
			return invalidValue(field, typeOf(value), detail);
	}
}

function typeOf(value: unknown): string {
	if (Array.isArray(value)) return "array";
	if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
	return typeof value;
}
