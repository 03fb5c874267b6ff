/** The fields that a configuration gives: what whoever applies it comes to own. */
import { isJsonObject, type JsonObject } from "../deep.ts";
import type { ObjectType } from "../schema.ts";
import type { Unowned } from "./compare.ts";
import { compact, type FieldSet, LEAF, SELF } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";
import { byElement, isEmptyValue, isNamedField, type Place, placeIn, structureOf } from "./structure.ts";

/** Structs and lists are only the way to what is in them; entries of maps and elements of lists count themselves too. */
export function fieldSetOf(type: ObjectType, object: object, unowned: Unowned = {}): FieldSet | undefined {
	return fieldsBelow({ type }, object as JsonObject, unowned);
}

function fieldsBelow(place: Place, value: JsonObject, unowned?: Unowned): FieldSet | undefined {
	const nodes: Record<string, FieldSet> = {};
	for (const [name, inner] of Object.entries(value)) {
		const skip = unowned?.[name];
		if (skip === true || inner === undefined) continue;
		const at = placeIn(place, name);
		const below = at ? setOf(at, inner, skip) : LEAF;
		const counts =
			!isNamedField(place, name) || inner === null || (isJsonObject(inner) && isEmptyValue(inner));
		const set = counts ? withSelf(below) : below;
		if (set) nodes[fieldElement(name)] = set;
	}
	return compact(nodes);
}

function setOf(place: Place, value: unknown, unowned?: Unowned): FieldSet | undefined {
	const structure = structureOf(place, value);
	if (structure.form === "fields" && isJsonObject(value)) return fieldsBelow(place, value, unowned);
	if (structure.form === "list" && Array.isArray(value)) {
		const nodes: Record<string, FieldSet> = {};
		for (const [element, items] of byElement(value, structure.elementOf)) {
			const [item] = items;
			const single = items.length === 1 && structure.keyed;
			nodes[element] = (single && withSelf(setOf({ type: structure.of }, item))) || LEAF;
		}
		return compact(nodes);
	}
	return LEAF;
}

const withSelf = (set: FieldSet | undefined): FieldSet =>
	set === undefined || set === LEAF ? LEAF : { [SELF]: LEAF, ...set };
