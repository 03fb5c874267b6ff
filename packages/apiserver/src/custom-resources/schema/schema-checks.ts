/** What only the server can judge of a schema: patterns compile, defaults are valid, rules fit the types they are about. */
import {
	deepEqual,
	type FieldError,
	forbiddenField,
	invalidValue,
	type JsonSchema,
	notSupported,
	required,
	type ValidationRule,
} from "@berth/api";
import { CelCompileError, COST_LIMIT, excess, largestSize, SCHEMA_COST_LIMIT } from "../../cel/cel.ts";
import { compileRegex, RegexError } from "../../cel/regex/regex.ts";
import { celTypeOf } from "./cel-types.ts";
import { compileRule } from "./compile-rule.ts";
import { prunedValue } from "./pruned.ts";
import { patternOf } from "./resource-schema.ts";
import { typeOf } from "./types.ts";
import { schemaErrors, WORK } from "./validator.ts";

/** Errors told at most. */
const MAX_ERRORS = 50;
/** Regular expressions longer than this are refused: each takes memory for as long as its kind is served. */
const MAX_PATTERN = 10_000;

export function schemaChecks(root: JsonSchema, at: string): FieldError[] {
	const checks: Checks = { errors: [], cost: 0 };
	check(root, { at, name: "object", isRoot: true, times: 1 }, checks);
	const total = excess(
		"x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
		checks.cost,
		SCHEMA_COST_LIMIT,
	);
	if (total) checks.errors.push(forbiddenField(at, total));
	return checks.errors.slice(0, MAX_ERRORS);
}

interface Checks {
	readonly errors: FieldError[];
	/** Of all rules so far, at most, for one object. */
	cost: number;
}

interface Place {
	readonly at: string;
	/** Of the type of `self`. */
	readonly name: string;
	readonly isRoot: boolean;
	/** How often the place can be there in one object. */
	readonly times: number;
}

function check(schema: JsonSchema, place: Place, checks: Checks): void {
	const { at, name, isRoot, times } = place;
	const { errors } = checks;
	if (errors.length > MAX_ERRORS) return;
	errors.push(...patternErrors(schema, at), ...defaultErrors(schema, at, isRoot));
	schema["x-kubernetes-validations"]?.forEach((rule, index) => {
		ruleErrors(rule, schema, { ...place, at: `${at}.x-kubernetes-validations[${index}]` }, checks);
	});
	for (const [key, inner] of Object.entries(schema.properties ?? {})) {
		check(inner, { at: `${at}.properties[${key}]`, name: `${name}.${key}`, isRoot: false, times }, checks);
	}
	const { items, additionalProperties, not } = schema;
	const many = () => times * largestSize(celTypeOf(schema, name, isRoot));
	if (isSchema(items)) {
		check(items, { at: `${at}.items`, name: `${name}.@idx`, isRoot: false, times: many() }, checks);
	}
	if (isSchema(additionalProperties)) {
		const inner = { at: `${at}.additionalProperties`, name: `${name}.@elem`, isRoot: false, times: many() };
		check(additionalProperties, inner, checks);
	}
	for (const field of ["allOf", "anyOf", "oneOf"] as const) {
		schema[field]?.forEach((inner, index) => {
			nested(inner, `${at}.${field}[${index}]`, errors);
		});
	}
	if (not) nested(not, `${at}.not`, errors);
}

const isSchema = (value: JsonSchema["items"] | JsonSchema["additionalProperties"]): value is JsonSchema =>
	typeof value === "object" && !Array.isArray(value);

/** Inside of alternatives there are patterns, but neither defaults nor rules of their own. */
function nested(schema: JsonSchema, at: string, errors: FieldError[]): void {
	errors.push(...patternErrors(schema, at));
	for (const [key, inner] of Object.entries(schema.properties ?? {}))
		nested(inner, `${at}.properties[${key}]`, errors);
	if (isSchema(schema.items)) nested(schema.items, `${at}.items`, errors);
	for (const field of ["allOf", "anyOf", "oneOf"] as const) {
		schema[field]?.forEach((inner, index) => {
			nested(inner, `${at}.${field}[${index}]`, errors);
		});
	}
	if (schema.not) nested(schema.not, `${at}.not`, errors);
}

function patternErrors({ pattern }: JsonSchema, at: string): FieldError[] {
	if (!pattern) return [];
	const wrong = (detail: string) => [
		invalidValue(`${at}.pattern`, pattern, `must be a valid regular expression, but isn't: ${detail}`),
	];
	if (pattern.length > MAX_PATTERN)
		return wrong(`error parsing regexp: expression too large: \`${pattern.slice(0, 40)}…\``);
	try {
		compileRegex(pattern);
		return [];
	} catch (error) {
		if (error instanceof RegexError) return wrong(error.message);
		throw error;
	}
}

function defaultErrors(schema: JsonSchema, at: string, isRoot: boolean): FieldError[] {
	const { default: value } = schema;
	if (value === undefined) return [];
	const field = `${at}.default`;
	if (isRoot) return [forbiddenField(field, "must not be set at the root")];
	const pruned = prunedValue(typeOf(schema), value);
	if (!deepEqual(pruned, value)) {
		return [invalidValue(field, value, "must not have unknown fields")];
	}
	return schemaErrors(
		schema,
		value,
		{ path: field, old: undefined },
		{ pattern: patternOf, ratcheting: false, limit: MAX_ERRORS, work: { left: WORK } },
	);
}

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

function ruleErrors(rule: ValidationRule, schema: JsonSchema, place: Place, checks: Checks): void {
	const { message, messageExpression, reason, fieldPath } = rule;
	const { at } = place;
	const { errors } = checks;
	if (!rule.rule?.trim()) {
		errors.push(required(`${at}.rule`, "rule is not specified"));
		return;
	}
	if (message !== undefined && message !== "" && !message.trim()) {
		errors.push(invalidValue(`${at}.message`, message, "message must be non-empty if specified"));
	} else if (message && /[\r\n]/.test(message.trim())) {
		errors.push(invalidValue(`${at}.message`, message, "message must not contain line breaks"));
	}
	if (/[\r\n]/.test(rule.rule.trim()) && !message) {
		errors.push(required(`${at}.message`, "message must be specified if rule contains line breaks"));
	}
	if (messageExpression !== undefined && messageExpression !== "" && !messageExpression.trim()) {
		errors.push(required(`${at}.messageExpression`, "messageExpression must be non-empty if specified"));
	}
	if (reason && !REASONS.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, REASONS));
	if (fieldPath && !leadsSomewhere(fieldPath, schema)) {
		errors.push(invalidValue(`${at}.fieldPath`, fieldPath, "fieldPath must be a valid path"));
	}
	errors.push(...compileErrors(rule, schema, place, checks));
}

function compileErrors(rule: ValidationRule, schema: JsonSchema, place: Place, checks: Checks): FieldError[] {
	const { at, name, isRoot, times } = place;
	const compiled = compileRule(rule, schema, name, isRoot);
	const errors: FieldError[] = [];
	const attempt = (field: "rule" | "messageExpression", text: string, compile: () => number) => {
		try {
			const cost = compile() * times;
			checks.cost += cost;
			const tooMuch = excess(`estimated ${field} cost`, cost, COST_LIMIT);
			if (tooMuch) errors.push(forbiddenField(`${at}.${field}`, tooMuch));
		} catch (error) {
			if (!(error instanceof CelCompileError)) throw error;
			errors.push(invalidValue(`${at}.${field}`, text, error.message));
		}
	};
	attempt("rule", rule.rule, compiled.compile);
	if (rule.messageExpression) attempt("messageExpression", rule.messageExpression, compiled.compileMessage);
	if (!errors.length && compiled.takesNoOld && !compiled.isTransition) {
		errors.push(invalidValue(`${at}.optionalOldSelf`, true, "may not be set if oldSelf is not used in rule"));
	}
	return errors;
}

/** `.spec.replicas`, `.labels['a']`: through properties and maps of the schema. */
function leadsSomewhere(path: string, schema: JsonSchema): boolean {
	let at: JsonSchema | undefined = schema;
	let rest = path;
	while (rest !== "") {
		const match: RegExpExecArray | null = /^(?:\.([\w-]+)|\['([^']+)'\])/.exec(rest);
		if (!match || !at) return false;
		const name: string = match[1] ?? match[2] ?? "";
		const { properties, additionalProperties }: JsonSchema = at;
		at =
			properties && Object.hasOwn(properties, name)
				? properties[name]
				: isSchema(additionalProperties)
					? additionalProperties
					: undefined;
		rest = rest.slice(match[0].length);
	}
	return at !== undefined;
}
