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
import { CelCompileError } from "../../cel/cel.ts";
import { compileRegex, RegexError } from "../../cel/regex/regex.ts";
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
	const errors: FieldError[] = [];
	check(root, at, "object", true, errors);
	return errors.slice(0, MAX_ERRORS);
}

function check(schema: JsonSchema, at: string, name: string, isRoot: boolean, errors: FieldError[]): void {
	if (errors.length > MAX_ERRORS) return;
	errors.push(...patternErrors(schema, at), ...defaultErrors(schema, at, isRoot));
	schema["x-kubernetes-validations"]?.forEach((rule, index) => {
		errors.push(...ruleErrors(rule, schema, `${at}.x-kubernetes-validations[${index}]`, name, isRoot));
	});
	for (const [key, inner] of Object.entries(schema.properties ?? {})) {
		check(inner, `${at}.properties[${key}]`, `${name}.${key}`, false, errors);
	}
	const { items, additionalProperties, not } = schema;
	if (isSchema(items)) check(items, `${at}.items`, `${name}.@idx`, false, errors);
	if (isSchema(additionalProperties)) {
		check(additionalProperties, `${at}.additionalProperties`, `${name}.@elem`, false, errors);
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

function ruleErrors(
	rule: ValidationRule,
	schema: JsonSchema,
	at: string,
	name: string,
	isRoot: boolean,
): FieldError[] {
	const { message, messageExpression, reason, fieldPath } = rule;
	const errors: FieldError[] = [];
	if (!rule.rule.trim()) return [required(`${at}.rule`, "rule is not specified")];
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
	return [...errors, ...compileErrors(rule, schema, at, name, isRoot)];
}

function compileErrors(
	rule: ValidationRule,
	schema: JsonSchema,
	at: string,
	name: string,
	isRoot: boolean,
): FieldError[] {
	const compiled = compileRule(rule, schema, name, isRoot);
	const errors: FieldError[] = [];
	const attempt = (field: string, text: string, compile: () => void) => {
		try {
			compile();
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
