/** Bounds of numbers. */
import { type FieldError, invalidValue, type JsonSchema } from "@berth/api";
import { said } from "./validator.ts";

export function numberErrors(schema: JsonSchema, value: number, path: string): FieldError[] {
	const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema;
	const errors: FieldError[] = [];
	const fail = (text: string) => errors.push(invalidValue(path, value, said(path, text)));
	if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
		fail(`should be less than ${exclusiveMaximum ? "" : "or equal to "}${maximum}`);
	}
	if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
		fail(`should be greater than ${exclusiveMinimum ? "" : "or equal to "}${minimum}`);
	}
	if (multipleOf && !isMultiple(value, multipleOf)) fail(`should be a multiple of ${multipleOf}`);
	if (format === "int32" && (value < -(2 ** 31) || value > 2 ** 31 - 1)) {
		fail(`must be of type int32: ${JSON.stringify(String(value))}`);
	}
	return errors;
}

function isMultiple(value: number, of: number): boolean {
	const quotient = value / of;
	return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
}
