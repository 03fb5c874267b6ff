/** Defaults that the schema declares. */
import {
	type Field,
	isEitherType,
	isListType,
	isMapType,
	isObjectType,
	type ObjectType,
	type Type,
} from "./schema.ts";

/**
 * `value` with every declared default that is absent, at any depth. Never overrides; the very same object when nothing
 * was missing. A struct of the reference API (an object field that is not `nullable`) is always there, and where nobody
 * gave one it holds a zero for each scalar that is always written.
 */
export function applyDefaults<T>(type: Type, value: T): T {
	return fillValue(type, value) as T;
}

function fillValue(type: Type, value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (isObjectType(type)) return fillObject(type.fields(), value as Record<string, unknown>);
	if (isListType(type) && Array.isArray(value)) return fillList(type.of, value);
	if (isMapType(type)) return fillMap(type.of, value as Record<string, unknown>);
	if (isEitherType(type)) return fillValue(Array.isArray(value) ? type.other : type.object, value);
	return value;
}

function fillObject(fields: Readonly<Record<string, Field>>, value: Record<string, unknown>): object {
	let filled: Record<string, unknown> | undefined;
	for (const name in fields) {
		const field = fields[name];
		if (!field) continue;
		const present = Object.hasOwn(value, name) ? value[name] : undefined;
		const absent = present === undefined || (present === null && !field.nullValue);
		const wanted = absent ? defaultOf(field) : present;
		const result = wanted === undefined ? present : fillValue(field.type, wanted);
		if (result === present || result === undefined) continue;
		filled ??= { ...value };
		filled[name] = result;
	}
	return filled ?? value;
}

/** A zero default is what absence already means, unless the field tells absence from zero. */
function defaultOf(field: Field): unknown {
	if (isObjectType(field.type) && !field.nullable) return field.default ?? zeroStruct(field.type);
	if (field.nullable) return field.default;
	return field.default || undefined;
}

function zeroStruct(type: ObjectType): object {
	const zeros = Object.entries(type.fields()).flatMap(([name, field]) => {
		const zero = field.required && !field.nullable ? ZEROS[field.type.kind] : undefined;
		return zero === undefined ? [] : [[name, zero] as const];
	});
	return Object.fromEntries(zeros);
}

const ZEROS: Readonly<Partial<Record<Type["kind"], string | number | boolean>>> = {
	string: "",
	int32: 0,
	int64: 0,
	double: 0,
	bool: false,
};

function fillList(of: Type, list: readonly unknown[]): readonly unknown[] {
	const filled = list.map((element) => fillValue(of, element));
	return filled.some((element, index) => element !== list[index]) ? filled : list;
}

function fillMap(of: Type, map: Record<string, unknown>): Record<string, unknown> {
	if (!isObjectType(of) && !isListType(of) && !isMapType(of)) return map;
	const filled = Object.entries(map).map(([key, value]) => [key, fillValue(of, value)] as const);
	return filled.some(([key, value]) => value !== map[key]) ? Object.fromEntries(filled) : map;
}
