/** How a value is taken apart for ownership: as one value, by field, by entry, by key, or as a set. */
import { isJsonObject, type JsonObject } from "../deep.ts";
import {
	type Field,
	isEitherType,
	isListType,
	isMapType,
	isObjectType,
	type Type,
	types,
} from "../schema.ts";
import { keyElement, valueElement } from "./path-element.ts";

/** A place in the schema: a type, and what the object around it says of it. */
export interface Place {
	readonly type: Type;
	readonly field?: Field | undefined;
}

/**
 * `whole` values are owned and replaced as one. In a `fields` value each field has an owner (`struct` where the schema
 * names the fields), in a `list` each element, named by `elementOf`.
 */
export type Structure =
	| { readonly form: "whole" }
	| { readonly form: "fields"; readonly struct: boolean }
	| {
			readonly form: "list";
			readonly of: Type;
			readonly keyed: boolean;
			readonly elementOf: (item: unknown) => string | undefined;
	  };

const WHOLE: Structure = { form: "whole" };
const STRUCT: Structure = { form: "fields", struct: true };
const ENTRIES: Structure = { form: "fields", struct: false };

export function structureOf({ type, field }: Place, value: unknown): Structure {
	if (isObjectType(type)) return (field?.atomic ?? type.atomic) ? WHOLE : STRUCT;
	if (isMapType(type)) return field?.atomic ? WHOLE : ENTRIES;
	if (isListType(type)) return listStructure(type.of, field);
	if (isEitherType(type)) return isJsonObject(value) ? structureOf({ type: type.object }, value) : WHOLE;
	// Without a schema, objects are taken apart and lists are not.
	return type.kind === "any" && isJsonObject(value) ? ENTRIES : WHOLE;
}

function listStructure(of: Type, field: Field | undefined): Structure {
	if (field?.list === "set") return { form: "list", of, keyed: false, elementOf: valueElement };
	if (field?.list !== "map") return WHOLE;
	const keys = field.keys ?? [];
	return { form: "list", of, keyed: true, elementOf: (item) => keyElement(keys, of, item) };
}

/** The place of one field; undefined when the schema does not know it. */
export function placeIn({ type }: Place, name: string): Place | undefined {
	if (isMapType(type)) return { type: type.of };
	if (isEitherType(type)) return placeIn({ type: type.object }, name);
	if (!isObjectType(type)) return { type };
	const fields = type.fields();
	const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
	if (field) return { type: field.type, field };
	return type.open || (type.embedded && EMBEDDED.has(name)) ? { type: types.any } : undefined;
}

const EMBEDDED: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** True when the schema names this field: such a place belongs to whoever owns something below it. */
export const isNamedField = ({ type }: Place, name: string): boolean =>
	isObjectType(type) ? Object.hasOwn(type.fields(), name) : isEitherType(type);

/** Elements of a list by their name, in order; several may have the same. */
export function byElement(
	list: readonly unknown[],
	elementOf: (item: unknown) => string | undefined,
): Map<string, readonly unknown[]> {
	const items = new Map<string, unknown[]>();
	for (const item of list) {
		const element = elementOf(item);
		if (element === undefined) continue;
		const before = items.get(element);
		if (before) before.push(item);
		else items.set(element, [item]);
	}
	return items;
}

export const isEmptyValue = (value: unknown): boolean =>
	value === null ||
	(Array.isArray(value)
		? value.length === 0
		: typeof value === "object" && Object.keys(value as JsonObject).length === 0);
