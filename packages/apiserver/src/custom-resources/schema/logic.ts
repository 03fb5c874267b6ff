/** allOf, anyOf, oneOf and not: several schemas about one value. */
import { type FieldError, invalidValue, type JsonSchema } from "@berth/api";
import type { At, Validation } from "./validator.ts";

type Errors = (schema: JsonSchema, value: unknown, at: At, validation: Validation) => FieldError[];

/** Kubernetes does not say where the fault of a whole alternative is. */
const NOWHERE = "<nil>";

export function logicErrors(
	schema: JsonSchema,
	value: unknown,
	at: At,
	validation: Validation,
	errorsOf: Errors,
): FieldError[] {
	const { allOf, anyOf, oneOf, not } = schema;
	if (!allOf && !anyOf && !oneOf && !not) return [];
	const check = (inner: JsonSchema) => errorsOf(inner, value, at, validation);
	const name = JSON.stringify(at.path);
	const errors: FieldError[] = [];
	const fail = (text: string) => errors.push(invalidValue(NOWHERE, "", `${name} ${text}`));
	if (anyOf?.length) {
		const results = anyOf.map(check);
		if (!results.some((result) => result.length === 0)) {
			fail("must validate at least one schema (anyOf)");
			errors.push(...fewest(results));
		}
	}
	if (oneOf?.length) {
		const results = oneOf.map(check);
		const valid = results.filter((result) => result.length === 0).length;
		if (valid !== 1) {
			const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
			fail(`must validate one and only one schema (oneOf). ${found}`);
			if (valid === 0) errors.push(...fewest(results));
		}
	}
	if (allOf?.length) {
		const results = allOf.map(check);
		const broken = results.filter((result) => result.length > 0);
		if (broken.length) {
			fail(
				`must validate all the schemas (allOf)${broken.length === results.length ? ". None validated" : ""}`,
			);
			errors.push(...broken.flat());
		}
	}
	if (not && check(not).length === 0) fail("must not validate the schema (not)");
	return errors;
}

/** The alternative that comes closest is the one that was meant. */
const fewest = (results: readonly FieldError[][]): FieldError[] =>
	results.reduce((best, result) => (result.length < best.length ? result : best), results[0] ?? []);
