/** What differs between two versions of an object, as sets of fields: found in one walk over both. */
import { deepEqual, isJsonObject, type JsonObject, own } from "../deep.ts";
import type { ObjectType } from "../schema.ts";
import { isObjectType } from "../schema.ts";
import { compact, type FieldSet, LEAF, SELF } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";
import { byElement, isEmptyValue, type Place, placeIn, structureOf } from "./structure.ts";

/** Fields by name that have no owner, at any depth: `true` for the field with everything in it. */
export interface Unowned {
	readonly [field: string]: true | Unowned;
}

export interface Changes {
	/** Added, or given another value. */
	readonly touched: FieldSet | undefined;
	readonly removed: FieldSet | undefined;
}

/**
 * `old` undefined means a new object: like any other it already had the structs that every object of its type has, so that
 * only what is in them is touched.
 */
export function compareObjects(
	type: ObjectType,
	old: object | undefined,
	next: object,
	unowned: Unowned,
): Changes {
	const found: Found = {};
	const before = old ?? (type.foreign ? { metadata: FRESH } : FRESH);
	compareFields({ type }, before as JsonObject, next as JsonObject, found, unowned);
	return {
		touched: found.touched && compact(found.touched),
		removed: found.removed && compact(found.removed),
	};
}

/** What a struct is before anything has been said of it: itself there, and every field absent. */
const FRESH = Object.freeze({});

interface Found {
	touched?: Record<string, FieldSet>;
	removed?: Record<string, FieldSet>;
}

function compareFields(
	place: Place,
	old: JsonObject | undefined,
	next: JsonObject | undefined,
	found: Found,
	unowned?: Unowned,
): void {
	for (const name in next) {
		const skip = unowned?.[name];
		if (skip === true) continue;
		const before = old === FRESH ? freshField(place, name) : old && own(old, name);
		compareAt(placeIn(place, name), before, next[name], found, fieldElement(name), skip);
	}
	for (const name in old) {
		const skip = unowned?.[name];
		if (skip === true || (next && own(next, name) !== undefined)) continue;
		compareAt(placeIn(place, name), old[name], undefined, found, fieldElement(name), skip);
	}
}

/** A struct's own structs are there from the start, and so are, as nothing, the lists it always writes. */
function freshField({ type }: Place, name: string): unknown {
	if (!isObjectType(type)) return undefined;
	const fields = type.fields();
	const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
	if (!field || field.nullable) return undefined;
	if (isObjectType(field.type)) return FRESH;
	return field.required && (field.type.kind === "list" || field.type.kind === "map") ? FRESH : undefined;
}

/** One member: what is found below it goes into `found` under its name. */
function compareAt(
	place: Place | undefined,
	old: unknown,
	next: unknown,
	found: Found,
	element: string,
	unowned?: Unowned,
): void {
	if (old === next) return;
	const wasThere = old !== undefined;
	const isThere = next !== undefined;
	const structure = place ? structureOf(place, isThere ? next : old) : undefined;
	const leaf =
		!place ||
		!structure ||
		structure.form === "whole" ||
		((!wasThere || isEmptyValue(old)) && (!isThere || isEmptyValue(next)));
	if (leaf) {
		if (!isThere) put(found, "removed", element, LEAF);
		else if (old === FRESH ? !isEmptyValue(next) : !wasThere || !deepEqual(old, next))
			put(found, "touched", element, LEAF);
		return;
	}
	const below: Found = {};
	if (structure.form === "fields") {
		if (!fits(old, isJsonObject) || !fits(next, isJsonObject)) return put(found, "touched", element, LEAF);
		compareFields(place, old as JsonObject | undefined, next as JsonObject | undefined, below, unowned);
	} else {
		const before = old === FRESH ? [] : old;
		if (!fits(before, Array.isArray) || !fits(next, Array.isArray))
			return put(found, "touched", element, LEAF);
		compareElements(structure, before as readonly unknown[], next as readonly unknown[], below);
	}
	if (!wasThere) put(below, "touched", SELF, LEAF);
	if (!isThere) put(below, "removed", SELF, LEAF);
	const touched = below.touched && compact(below.touched);
	const removed = below.removed && compact(below.removed);
	if (touched) put(found, "touched", element, touched);
	if (removed) put(found, "removed", element, removed);
}

function compareElements(
	structure: Extract<ReturnType<typeof structureOf>, { form: "list" }>,
	old: readonly unknown[] | undefined,
	next: readonly unknown[] | undefined,
	found: Found,
): void {
	const before = byElement(old ?? [], structure.elementOf);
	const after = byElement(next ?? [], structure.elementOf);
	const of = { type: structure.of };
	for (const [element, items] of after) {
		const were = before.get(element);
		if (items.length > 1 || (were && were.length > 1)) {
			if (!were || !deepEqual(were, items)) put(found, "touched", element, LEAF);
		} else if (structure.keyed) compareAt(of, were?.[0], items[0], found, element);
		else if (!were) put(found, "touched", element, LEAF);
	}
	for (const [element, items] of before) {
		if (after.has(element)) continue;
		if (items.length > 1 || !structure.keyed) put(found, "removed", element, LEAF);
		else compareAt(of, items[0], undefined, found, element);
	}
}

const fits = (value: unknown, test: (value: unknown) => boolean) => value === undefined || test(value);

function put(found: Found, what: keyof Found, element: string, set: FieldSet): void {
	found[what] ??= {};
	found[what][element] = set;
}
