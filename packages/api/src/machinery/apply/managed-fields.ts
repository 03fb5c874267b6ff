/** Who owns what in an object (`metadata.managedFields`), and what a write makes of it. */
import type { ManagedFieldsEntry } from "../meta.ts";
import type { Changes } from "./compare.ts";
import { difference, type FieldSet, intersection, sameSet, union } from "./field-set.ts";
import type { FieldSetPool } from "./field-set-pool.ts";

/** An entry that has been read: its fields are a set of the pool. */
export interface Ownership extends ManagedFieldsEntry {
	readonly fieldsV1?: FieldSet | undefined;
}

export interface FieldManager {
	readonly manager: string;
	readonly operation: "Apply" | "Update";
	readonly apiVersion: string;
	/** "" for the resource itself. */
	readonly subresource: string;
}

/** What one write does to the fields of an object. */
export interface FieldWrite {
	readonly manager: FieldManager;
	readonly changes: Changes;
	/** RFC 3339. */
	readonly time: string;
	readonly pool: FieldSetPool;
}

/** Entries with their fields as sets of the pool; the very same when they are. Undefined when one of them says nothing. */
export function readOwnership(
	entries: readonly ManagedFieldsEntry[] | undefined,
	pool: FieldSetPool,
): readonly Ownership[] | undefined {
	if (!entries) return [];
	let changed = false;
	const read: Ownership[] = [];
	for (const entry of entries) {
		if (entry.operation !== "Apply" && entry.operation !== "Update") return undefined;
		if (entry.fieldsType !== "FieldsV1") return undefined;
		const fieldsV1 = entry.fieldsV1 === undefined ? undefined : pool.share(entry.fieldsV1);
		if (fieldsV1 === undefined && entry.fieldsV1 !== undefined) return undefined;
		if (fieldsV1 === entry.fieldsV1) read.push(entry as Ownership);
		else {
			changed = true;
			read.push({ ...entry, fieldsV1 });
		}
	}
	return changed ? read : (entries as readonly Ownership[]);
}

/** True for the lists by which clients say that nobody shall own anything: `[]` and `[{}]`. */
export const clearsOwnership = (entries: readonly ManagedFieldsEntry[] | undefined): boolean =>
	entries !== undefined &&
	(entries.length === 0 ||
		(entries.length === 1 && Object.values(entries[0] ?? {}).every((value) => value === undefined)));

/** After an update: whoever wrote owns what it gave, nobody else does, and what is gone is nobody's. */
export function ownAfterUpdate(owned: readonly Ownership[], write: FieldWrite): readonly Ownership[] {
	const { manager, changes, time, pool } = write;
	const { touched, removed } = changes;
	if (!touched && !removed) return owned;
	const after = owned.flatMap((entry) =>
		withFields(entry, difference(difference(entry.fieldsV1, touched), removed), pool),
	);
	if (!touched) return sameEntries(after, owned) ? owned : after;
	const before = owned.find((entry) => isBy(entry, manager));
	const fieldsV1 = pool.share(union(difference(before?.fieldsV1, removed), touched));
	const others = after.filter((entry) => !isBy(entry, manager));
	return capped([...others, { ...entryOf(manager, time), fieldsV1 }], pool).sort(inOrder);
}

export interface FieldConflict {
	readonly by: Ownership;
	readonly fields: FieldSet;
}

/** What others own of the fields that an applier changes. */
export function conflictsOf(
	owned: readonly Ownership[],
	manager: FieldManager,
	touched: FieldSet | undefined,
): FieldConflict[] {
	return owned.flatMap((by) => {
		const fields = isBy(by, manager) ? undefined : intersection(by.fieldsV1, touched);
		return fields ? [{ by, fields }] : [];
	});
}

/** What is left of conflicts apart from fields that the applier may take without asking. */
export const fieldsBeyond = (
	conflicts: readonly FieldConflict[],
	allowed: FieldSet | undefined,
): FieldConflict[] =>
	conflicts.flatMap(({ by, fields }) => {
		const left = difference(fields, allowed);
		return left ? [{ by, fields: left }] : [];
	});

/** After an application of `applied`: its manager owns just that, and the others lose what they were overruled in. */
export function ownAfterApply(
	owned: readonly Ownership[],
	applied: FieldSet | undefined,
	write: FieldWrite,
): readonly Ownership[] {
	const { manager, changes, time, pool } = write;
	const { touched, removed } = changes;
	const others = owned
		.filter((entry) => !isBy(entry, manager))
		.flatMap((entry) => withFields(entry, difference(difference(entry.fieldsV1, touched), removed), pool));
	const before = owned.find((entry) => isBy(entry, manager));
	if (!applied) return sameEntries(others, owned) ? owned : others;
	const same = before && !touched && !removed && sameSet(before.fieldsV1, applied);
	const entry = same ? before : { ...entryOf(manager, time), fieldsV1: pool.share(applied) };
	const after = [...others, entry].sort(inOrder);
	return sameEntries(after, owned) ? owned : after;
}

/** All that anybody owns. */
export const ownedByAny = (owned: readonly Ownership[]): FieldSet | undefined =>
	owned.reduce<FieldSet | undefined>((all, { fieldsV1 }) => union(all, fieldsV1), undefined);

export const isBy = (
	entry: Ownership,
	{ manager, operation, apiVersion, subresource }: FieldManager,
): boolean =>
	entry.manager === manager &&
	entry.operation === operation &&
	entry.apiVersion === apiVersion &&
	(entry.subresource ?? "") === subresource;

/** Updates that are told apart; what more there are, the oldest become one. */
const MAX_UPDATERS = 10;
const OLD_UPDATERS = "ancient-changes";

function capped(entries: readonly Ownership[], pool: FieldSetPool): Ownership[] {
	const updaters = entries.filter(({ operation }) => operation === "Update").sort(inOrder);
	let surplus = updaters.length - MAX_UPDATERS;
	if (surplus <= 0) return [...entries];
	const gone = new Set<Ownership>();
	const buckets = new Map<string, Ownership>();
	for (const entry of updaters) {
		const version = entry.apiVersion ?? "";
		const bucket = buckets.get(version);
		gone.add(entry);
		if (!bucket) {
			buckets.set(version, entry);
			continue;
		}
		const { manager: _manager, subresource: _subresource, ...rest } = entry;
		const fieldsV1 = pool.share(union(bucket.fieldsV1, entry.fieldsV1));
		buckets.set(version, { manager: OLD_UPDATERS, ...rest, fieldsV1 });
		surplus -= 1;
		if (surplus === 0) break;
	}
	return [...entries.filter((entry) => !gone.has(entry)), ...buckets.values()];
}

const entryOf = ({ manager, operation, apiVersion, subresource }: FieldManager, time: string): Ownership => ({
	manager,
	operation,
	apiVersion,
	time,
	fieldsType: "FieldsV1",
	...(subresource ? { subresource } : {}),
});

function withFields(entry: Ownership, fields: FieldSet | undefined, pool: FieldSetPool): Ownership[] {
	if (fields === undefined) return [];
	const fieldsV1 = pool.share(fields);
	return fieldsV1 === entry.fieldsV1 ? [entry] : [{ ...entry, fieldsV1 }];
}

const sameEntries = (a: readonly Ownership[], b: readonly Ownership[]): boolean =>
	a.length === b.length && a.every((entry, index) => entry === b[index]);

/** Appliers first, then by time, then by name. */
function inOrder(a: Ownership, b: Ownership): number {
	return (
		compareText(a.operation, b.operation) ||
		compareText(a.time, b.time) ||
		compareText(a.manager, b.manager) ||
		compareText(a.apiVersion, b.apiVersion) ||
		compareText(a.subresource, b.subresource)
	);
}

function compareText(a = "", b = ""): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
