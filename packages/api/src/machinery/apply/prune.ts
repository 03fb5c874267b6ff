/** Taking away what an applier no longer gives and nobody else owns. */
import { isJsonObject, type JsonObject } from "../deep.ts";
import type { ObjectType } from "../schema.ts";
import { childOf, type FieldSet, hasSelf, isLeaf } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";
import { isEmptyValue, isNamedField, type Place, placeIn, structureOf } from "./structure.ts";

export interface Claims {
	/** What the applier owned until now. */
	readonly last: FieldSet | undefined;
	/** What anybody owns from now on. */
	readonly owned: FieldSet | undefined;
}

/** `merged` without the fields of `last` that are in nobody's set; the same object when nothing goes. */
export function prune(type: ObjectType, merged: JsonObject, claims: Claims): JsonObject {
	return pruneFields({ type }, merged, claims);
}

function pruneFields(place: Place, value: JsonObject, { last, owned }: Claims): JsonObject {
	let kept: Map<string, unknown> | undefined;
	for (const [name, inner] of Object.entries(value)) {
		const element = fieldElement(name);
		const below = { last: childOf(last, element), owned: childOf(owned, element) };
		if (below.last === undefined) continue;
		const at = placeIn(place, name);
		const named = isNamedField(place, name);
		const result = goes(below, named) ? undefined : at ? pruneValue(at, inner, below) : inner;
		if (result === inner) continue;
		kept ??= new Map(Object.entries(value));
		if (result === undefined) kept.delete(name);
		else kept.set(name, result);
	}
	return kept ? Object.fromEntries(kept) : value;
}

/** Undefined when everything in it is gone. */
function pruneValue(place: Place, value: unknown, claims: Claims): unknown {
	const structure = structureOf(place, value);
	const pruned =
		structure.form === "fields" && isJsonObject(value)
			? pruneFields(place, value, claims)
			: structure.form === "list" && Array.isArray(value)
				? pruneElements({ type: structure.of }, value, claims, structure.elementOf)
				: value;
	return pruned !== value && isEmptyValue(pruned) ? undefined : pruned;
}

function pruneElements(
	of: Place,
	list: readonly unknown[],
	{ last, owned }: Claims,
	elementOf: (item: unknown) => string | undefined,
): readonly unknown[] {
	let changed = false;
	const kept = list.flatMap((item) => {
		const element = elementOf(item);
		const below = element === undefined ? undefined : childOf(last, element);
		if (element === undefined || below === undefined) return [item];
		const claims = { last: below, owned: childOf(owned, element) };
		if (goes(claims, false)) {
			changed = true;
			return [];
		}
		const result = pruneValue(of, item, claims) ?? {};
		if (result !== item) changed = true;
		return [result];
	});
	return changed ? kept : list;
}

/** A field that the schema names is claimed by whoever claims anything below it. */
const goes = ({ last, owned }: Claims, named: boolean): boolean =>
	claims(last, named) && !claims(owned, named);

const claims = (set: FieldSet | undefined, named: boolean): boolean =>
	set !== undefined && (hasSelf(set) || (named && !isLeaf(set)));
