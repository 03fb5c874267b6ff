/**
 * One value for equal sets of fields. Objects made alike are owned alike: thousands of pods share a handful of sets, and
 * sets that differ somewhere share everything else.
 */
import { type FieldSet, isLeaf, LEAF, SELF } from "./field-set.ts";
import { isPathElement } from "./path-element.ts";

export interface FieldSetPool {
	/**
	 * The set as everybody shares it, frozen and sorted. Undefined when `value` is no set of fields: such things come from
	 * clients.
	 */
	share(value: unknown): FieldSet | undefined;
}

/** Nodes remembered before the oldest half is forgotten; a forgotten set is only shared by fewer. */
const REMEMBERED = 4096;
/** Longer keys are of sets that clients make up, or of objects like no other: nothing is gained by remembering them. */
const MAX_KEY = 2048;
const ELEMENT = /^[fkvi]:/;
/** Deeper than any type of the API. */
const MAX_DEPTH = 512;

export function createFieldSetPool(): FieldSetPool {
	let recent = new Map<string, FieldSet>();
	let older = new Map<string, FieldSet>();
	/** Of shared nodes: what their parents are known by. */
	const ids = new WeakMap<FieldSet, number>([[LEAF, 0]]);
	let made = 0;

	function share(value: unknown, depth: number): FieldSet | undefined {
		if (typeof value !== "object" || value === null || Array.isArray(value) || depth > MAX_DEPTH)
			return undefined;
		const set = value as FieldSet;
		if (ids.has(set)) return set;
		if (isLeaf(set)) return LEAF;
		let key = "";
		const nodes: Record<string, FieldSet> = {};
		for (const element of Object.keys(set).sort()) {
			if (element !== SELF && !ELEMENT.test(element)) return undefined;
			const below = share(set[element], depth + 1);
			if (below === undefined || (element === SELF && below !== LEAF)) return undefined;
			nodes[element] = below;
			// Elements may hold any character: their length keeps two keys apart.
			key += `${element.length}:${element}${ids.get(below)};`;
		}
		const known = recent.get(key) ?? older.get(key);
		if (known) {
			if (!recent.has(key)) remember(key, known);
			return known;
		}
		if (!Object.keys(nodes).every((element) => element === SELF || isPathElement(element))) return undefined;
		const shared = Object.freeze(nodes);
		made += 1;
		ids.set(shared, made);
		remember(key, shared);
		return shared;
	}

	function remember(key: string, set: FieldSet): void {
		if (key.length > MAX_KEY) return;
		if (recent.size >= REMEMBERED) {
			older = recent;
			recent = new Map();
		}
		recent.set(key, set);
	}

	return { share: (value) => share(value, 0) };
}
