/**
 * Sets of fields, in the very form the API writes them (FieldsV1): a tree whose keys are path elements (`f:spec`,
 * `k:{"name":"web"}`, `v:"a"`, `i:0`) and where "." says that the place itself is in the set. A place without anything
 * below it is written `{}` and is in the set. Sets are frozen and share what they have in common; the empty set is
 * `undefined`.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export interface FieldSet {
	readonly [element: string]: FieldSet;
}

/** Marks a place that is in the set itself though there are others below it. */
export const SELF = ".";

/** A place with nothing below. */
export const LEAF: FieldSet = Object.freeze({});

/** What is below, by path element. */
export function childOf(set: FieldSet | undefined, element: string): FieldSet | undefined {
	return set !== undefined && Object.hasOwn(set, element) ? set[element] : undefined;
}

/** Whether the place itself is in the set. */
export const hasSelf = (set: FieldSet | undefined): boolean =>
	set !== undefined && (Object.hasOwn(set, SELF) || isLeaf(set));

export const isLeaf = (set: FieldSet): boolean => {
	for (const _ in set) return false;
	return true;
};

/** Every path of either. */
export function union(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
	if (a === undefined || a === b) return b;
	if (b === undefined) return a;
	const both: Record<string, FieldSet> = { ...selfOf(a), ...selfOf(b) };
	for (const element of elementsOf(a)) both[element] = union(a[element], childOf(b, element)) ?? LEAF;
	for (const element of elementsOf(b)) both[element] ??= b[element] ?? LEAF;
	return compact(both);
}

/** Paths of `a` that are not in `b`; what is below a path of `b` stays. */
export function difference(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
	if (a === undefined || a === b) return undefined;
	if (b === undefined) return a;
	const rest: Record<string, FieldSet> = hasSelf(a) && !hasSelf(b) ? { [SELF]: LEAF } : {};
	for (const element of elementsOf(a)) {
		const below = difference(a[element], childOf(b, element));
		if (below) rest[element] = below;
	}
	return compact(rest);
}

/** Paths of both. */
export function intersection(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
	if (a === undefined || b === undefined || a === b) return a && b;
	const both: Record<string, FieldSet> = hasSelf(a) && hasSelf(b) ? { [SELF]: LEAF } : {};
	for (const element of elementsOf(a)) {
		const below = intersection(a[element], childOf(b, element));
		if (below) both[element] = below;
	}
	return compact(both);
}

/** The same paths, whatever the order they are written in. */
export function sameSet(a: FieldSet | undefined, b: FieldSet | undefined): boolean {
	if (a === b) return true;
	if (a === undefined || b === undefined || hasSelf(a) !== hasSelf(b)) return false;
	const elements = elementsOf(a);
	return (
		elements.length === elementsOf(b).length &&
		elements.every((element) => Object.hasOwn(b, element) && sameSet(a[element], b[element]))
	);
}

/** The set of the places in `nodes` (which may hold `SELF`); undefined when there are none. */
export function compact(nodes: Record<string, FieldSet>): FieldSet | undefined {
	let elements = 0;
	let self = false;
	for (const element in nodes) {
		if (element === SELF) self = true;
		else elements += 1;
	}
	if (elements === 0) return self ? LEAF : undefined;
	return nodes;
}

/** Every path, parents before what is below them. */
export function* pathsOf(set: FieldSet | undefined): Generator<readonly string[]> {
	if (set) yield* pathsBelow(set, []);
}

function* pathsBelow(set: FieldSet, path: readonly string[]): Generator<readonly string[]> {
	if (path.length > 0 && hasSelf(set)) yield path;
	for (const element of elementsOf(set)) yield* pathsBelow(set[element] ?? LEAF, [...path, element]);
}

const selfOf = (set: FieldSet): Record<string, FieldSet> => (hasSelf(set) ? { [SELF]: LEAF } : {});

function elementsOf(set: FieldSet): string[] {
	const elements = Object.keys(set);
	return Object.hasOwn(set, SELF) ? elements.filter((element) => element !== SELF) : elements;
}
