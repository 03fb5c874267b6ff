/** Whether two values of a schema mean the same. */
import { compareQuantities } from "../machinery/quantity.ts";
import {
	type Field,
	type Fields,
	isListType,
	isMapType,
	isObjectType,
	type Type,
} from "../machinery/schema.ts";

/**
 * Equality as the API sees it: absent equals zero where the wire does not tell them apart, empty lists and maps equal
 * absent ones, and quantities are compared by amount.
 */
export function sameValue(type: Type, a: unknown, b: unknown): boolean {
	if (a === b) return true;
	if (isObjectType(type)) return sameFields(type.fields(), recordOf(a), recordOf(b));
	if (isListType(type)) return sameList(type.of, a, b);
	if (isMapType(type)) return sameMap(type.of, recordOf(a), recordOf(b));
	if (type.kind === "quantity" && isAmount(a) && isAmount(b)) return compareQuantities(a, b) === 0;
	return JSON.stringify(a) === JSON.stringify(b);
}

/** As `sameValue`, for a field of an object: here absence is possible. */
export function sameField(field: Field, a: unknown, b: unknown): boolean {
	const absent = [a, b].map((value) => value === undefined || value === null);
	if (absent[0] && absent[1]) return true;
	if ((absent[0] || absent[1]) && tellsAbsence(field)) return false;
	return isComposite(field.type) ? sameValue(field.type, a, b) : sameScalar(field.type, a, b);
}

const sameScalar = (type: Type, a: unknown, b: unknown) =>
	isZero(a) || isZero(b) ? isZero(a) && isZero(b) : sameValue(type, a, b);

const isComposite = (type: Type) => isObjectType(type) || isListType(type) || isMapType(type);

/** Pointers tell absence from zero, but for lists and maps, where empty means absent. */
const tellsAbsence = (field: Field) =>
	field.nullable === true && !isListType(field.type) && !isMapType(field.type);

const isZero = (value: unknown) => !value || value === "0";

const sameFields = (fields: Fields, a: Record<string, unknown>, b: Record<string, unknown>): boolean =>
	Object.entries(fields).every(([name, field]) => sameField(field, own(a, name), own(b, name)));

function sameList(of: Type, a: unknown, b: unknown): boolean {
	const [left, right] = [listOf(a), listOf(b)];
	return left.length === right.length && left.every((element, index) => sameValue(of, element, right[index]));
}

function sameMap(of: Type, a: Record<string, unknown>, b: Record<string, unknown>): boolean {
	const keys = Object.keys(a);
	return (
		keys.length === Object.keys(b).length &&
		keys.every((key) => Object.hasOwn(b, key) && sameValue(of, a[key], b[key]))
	);
}

const own = (value: Record<string, unknown>, key: string) =>
	Object.hasOwn(value, key) ? value[key] : undefined;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const recordOf = (value: unknown): Record<string, unknown> =>
	typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const isAmount = (value: unknown): value is string | number =>
	typeof value === "string" || typeof value === "number";
