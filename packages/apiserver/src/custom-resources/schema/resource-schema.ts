/** All that a schema demands of objects: the keywords of JSON schema, then the rules in CEL. */
import { type FieldError, invalidValue, isJsonObject, type JsonSchema, type schema } from "@berth/api";
import { compileRegex, RegexError } from "../../cel/regex/regex.ts";
import { createRules } from "./rules.ts";
import { type Pattern, schemaErrors, type Validation, WORK } from "./validator.ts";

/** Errors told of one object at most. */
const LIMIT = 100;

/** Patterns and rules are made when they are first needed. */
export function createResourceSchema(root: JsonSchema): schema.ForeignSchema {
	const patterns = new Map<string, Pattern>();
	const pattern = (source: string) => {
		let known = patterns.get(source);
		if (!known) {
			known = patternOf(source);
			patterns.set(source, known);
		}
		return known;
	};
	let rules: ReturnType<typeof createRules> | undefined;
	return {
		published: { ...root },
		errors: (object, old) => {
			const errors = valueErrors(root, object, old, pattern);
			if (errors.some(({ type }) => BLOCKING.has(type))) {
				rules ??= createRules(root);
				return rules.count ? [...errors, NOT_CHECKED] : errors;
			}
			rules ??= createRules(root);
			return [...errors, ...rules.errors(object, old)];
		},
	};
}

/** Errors of JSON schema alone. What has not changed is forgiven. */
export function valueErrors(
	root: JsonSchema,
	object: unknown,
	old: unknown,
	pattern: Validation["pattern"] = patternOf,
): FieldError[] {
	const check = (ratcheting: boolean) =>
		schemaErrors(
			root,
			object,
			{ path: "", old },
			{ pattern, ratcheting, limit: LIMIT, work: { left: WORK } },
		);
	const errors = check(false);
	return errors.length && isJsonObject(old) ? check(true) : errors;
}

export function patternOf(source: string): Pattern {
	try {
		return compileRegex(source);
	} catch (error) {
		if (error instanceof RegexError) return NO_MATCH;
		throw error;
	}
}

const NO_MATCH: Pattern = { test: () => false };

/** Rules rely on the types of values. */
const BLOCKING: ReadonlySet<FieldError["type"]> = new Set([
	"FieldValueTypeInvalid",
	"FieldValueRequired",
	"FieldValueTooLong",
	"FieldValueTooMany",
	"FieldValueNotSupported",
]);

const NOT_CHECKED: FieldError = invalidValue(
	"<nil>",
	null,
	"some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
);
