/** Errors about one field of an object, in Kubernetes' words (apimachinery `field.Error`). */

export type FieldErrorType =
	| "FieldValueRequired"
	| "FieldValueInvalid"
	| "FieldValueNotSupported"
	| "FieldValueForbidden"
	| "FieldValueDuplicate"
	| "FieldValueNotFound"
	| "FieldValueTooLong"
	| "FieldValueTooMany"
	| "FieldValueTypeInvalid";

export interface FieldError {
	readonly type: FieldErrorType;
	/** Path such as `spec.containers[0].name`. */
	readonly field: string;
	/** `Required value: must have a name`: everything behind the path. */
	readonly message: string;
}

const shown = (value: unknown) => (value === undefined ? "null" : JSON.stringify(value));
const join = (head: string, detail: string) => (detail ? `${head}: ${detail}` : head);

export const required = (field: string, detail = ""): FieldError => ({
	type: "FieldValueRequired",
	field,
	message: join("Required value", detail),
});
export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
	type: "FieldValueInvalid",
	field,
	message: join(`Invalid value: ${shown(value)}`, detail),
});
/** For an object that is wrong as a whole: its value says nothing. */
export const invalidAltogether = (field: string, detail: string): FieldError => ({
	type: "FieldValueInvalid",
	field,
	message: join("Invalid value", detail),
});
export const typeInvalid = (field: string, value: unknown, detail: string): FieldError => ({
	type: "FieldValueTypeInvalid",
	field,
	message: join(`Invalid value: ${shown(value)}`, detail),
});
/** What is supported is told in order of the alphabet. */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError =>
	notListed(field, value, supported.toSorted());
/** As above, in the order given. */
export const notListed = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
	type: "FieldValueNotSupported",
	field,
	message: `Unsupported value: ${shown(value)}: supported values: ${supported
		.map((s) => JSON.stringify(s))
		.join(", ")}`,
});
export const forbiddenField = (field: string, detail: string): FieldError => ({
	type: "FieldValueForbidden",
	field,
	message: join("Forbidden", detail),
});
export const duplicate = (field: string, value: unknown): FieldError => ({
	type: "FieldValueDuplicate",
	field,
	message: `Duplicate value: ${shown(value)}`,
});
export const fieldNotFound = (field: string, value: unknown): FieldError => ({
	type: "FieldValueNotFound",
	field,
	message: `Not found: ${shown(value)}`,
});
/** `max` in bytes. */
export const tooLong = (field: string, max: number): FieldError => ({
	type: "FieldValueTooLong",
	field,
	message: `Too long: may not be more than ${max} ${max === 1 ? "byte" : "bytes"}`,
});
export const tooMany = (field: string, count: number, max: number): FieldError => ({
	type: "FieldValueTooMany",
	field,
	message: `Too many: ${count}: must have at most ${max} ${max === 1 ? "item" : "items"}`,
});
