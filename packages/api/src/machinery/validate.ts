/** Structure of a value against its schema: types and closed sets of values, with the path of every error. */
import { isJsonObject } from "./deep.ts";
import { type FieldError, invalidValue, notSupported, typeInvalid } from "./field-error.ts";
import { isQuantity, QUANTITY_ERROR } from "./quantity.ts";
import { type Field, isEitherType, isListType, isMapType, isObjectType, type Type } from "./schema.ts";
import { isTime } from "./time.ts";

/**
 * Every error, in the order of the schema. `path` is the path of the value itself ("" for a whole object). An absent or
 * null field, and an empty string in a closed set, are unset and fine; what must be set is the kind's to say. `old` is
 * what the value was before an update: foreign schemas forgive what has not changed.
 */
export function validateStructure(type: Type, value: unknown, path = "", old?: unknown): FieldError[] {
	if (value === undefined || value === null) return [];
	if (isObjectType(type) && type.foreign) return type.foreign.errors(value, old);
	if (isObjectType(type)) return objectErrors(type.fields(), value, path);
	if (isListType(type)) return listErrors(type.of, value, path);
	if (isMapType(type)) return mapErrors(type.of, value, path);
	if (isEitherType(type))
		return validateStructure(isJsonObject(value) ? type.object : type.other, value, path);
	return scalarErrors(type, value, path);
}

function objectErrors(fields: Readonly<Record<string, Field>>, value: unknown, path: string): FieldError[] {
	if (!isJsonObject(value)) return [wrongType(path, value, "object")];
	const errors: FieldError[] = [];
	// Run for every write, over types with dozens of fields: nothing is made for those that are not there.
	for (const name in fields) {
		const field = fields[name];
		if (field && Object.hasOwn(value, name)) {
			for (const error of validateStructure(field.type, value[name], join(path, name))) errors.push(error);
		}
	}
	return errors;
}

function listErrors(of: Type, value: unknown, path: string): FieldError[] {
	if (!Array.isArray(value)) return [wrongType(path, value, "array")];
	return value.flatMap((element, index) => validateStructure(of, element, `${path}[${index}]`));
}

function mapErrors(of: Type, value: unknown, path: string): FieldError[] {
	if (!isJsonObject(value)) return [wrongType(path, value, "map")];
	return Object.entries(value).flatMap(([key, element]) => validateStructure(of, element, `${path}[${key}]`));
}

function scalarErrors(type: Type, value: unknown, path: string): FieldError[] {
	switch (type.kind) {
		case "string":
			return typeof value === "string"
				? enumErrors((type as { enum?: readonly string[] }).enum, value, path)
				: [wrongType(path, value, "string")];
		case "bytes":
		case "duration":
			return typeof value === "string" ? [] : [wrongType(path, value, "string")];
		case "time":
		case "microTime":
			return typeof value === "string" && isTime(value) ? [] : [wrongType(path, value, "date-time")];
		case "bool":
			return typeof value === "boolean" ? [] : [wrongType(path, value, "boolean")];
		case "int32":
			return isInteger(value, 2 ** 31) ? [] : [wrongType(path, value, "int32")];
		case "int64":
			return isInteger(value, 2 ** 63) ? [] : [wrongType(path, value, "int64")];
		case "double":
			return typeof value === "number" ? [] : [wrongType(path, value, "number")];
		case "intOrString":
			return typeof value === "string" || isInteger(value, 2 ** 31)
				? []
				: [wrongType(path, value, "int-or-string")];
		case "quantity":
			return isQuantityValue(value) ? [] : [invalidValue(path, value, QUANTITY_ERROR)];
		default:
			return [];
	}
}

const enumErrors = (allowed: readonly string[] | undefined, value: string, path: string): FieldError[] =>
	allowed && value !== "" && !allowed.includes(value) ? [notSupported(path, value, allowed)] : [];

const isQuantityValue = (value: unknown) =>
	(typeof value === "string" || typeof value === "number") && isQuantity(value);
const isInteger = (value: unknown, bound: number) =>
	typeof value === "number" && Number.isInteger(value) && value >= -bound && value < bound;
const wrongType = (path: string, value: unknown, wanted: string) =>
	typeInvalid(path, value, `must be of type ${wanted}`);
const join = (path: string, name: string) => (path ? `${path}.${name}` : name);
