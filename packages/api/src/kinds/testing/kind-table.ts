/** One table for a kind: what is filled in, what is refused, what may change, what is printed. */
import type { ExecutionContext } from "ava";
import type { Kind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { applyMergePatch } from "../../machinery/patch/merge.ts";
import { completed, refusals, row, sampleMeta, updateRefusals } from "./samples.ts";

/** A merge patch on the sample, with what it must lead to. */
type Case = readonly [patch: object, expected: readonly string[]];

export interface KindTable<T extends KubeObject> {
	/** A small valid object, without metadata. */
	readonly sample: object;
	readonly name?: string;
	/** Fields of the completed sample, by path. */
	readonly defaults?: Readonly<Record<string, unknown>>;
	/** Changes of the sample that a create refuses, and how; an empty list: it is fine. */
	readonly creates?: readonly Case[];
	/** Changes of the stored sample that an update refuses, and how; an empty list: it is fine. */
	readonly updates?: readonly Case[];
	/** Cells of the sample after this patch, in order. */
	readonly prints?: readonly [patch: object, cells: readonly unknown[]];
	readonly prepared?: (object: T) => T;
}

/** Runs the table. Messages are compared up to their first line. */
export function runKindTable<T extends KubeObject>(
	t: ExecutionContext,
	kind: Kind<T>,
	table: KindTable<T>,
): void {
	const made = (patch: object = {}): T => {
		const { apiVersion, kind: name } = kind;
		const sample = { apiVersion, kind: name, metadata: sampleMeta(table.name ?? "web"), ...table.sample };
		return applyMergePatch(sample, patch) as T;
	};
	const prepared = (object: T) => {
		const whole = completed(kind, object);
		return kind.prepareCreate?.(whole) ?? whole;
	};
	const whole = prepared(made());
	t.deepEqual(refusals(kind, whole), [], "the sample is fine");
	t.deepEqual(updateRefusals(kind, whole, whole), [], "it may stay as it is");
	for (const [path, value] of Object.entries(table.defaults ?? {})) t.deepEqual(at(whole, path), value, path);
	for (const [patch, expected] of table.creates ?? [])
		t.deepEqual(firstLines(refusals(kind, prepared(made(patch)))), expected, JSON.stringify(patch));
	for (const [patch, expected] of table.updates ?? []) {
		const next = applyMergePatch(whole, patch) as T;
		t.deepEqual(firstLines(updateRefusals(kind, next, whole)), expected, JSON.stringify(patch));
	}
	if (table.prints) {
		const [patch, cells] = table.prints;
		t.deepEqual(Object.values(row(kind, applyMergePatch(whole, patch) as T)), cells);
	}
}

const firstLines = (texts: readonly string[]) => texts.map((text) => text.split("\n", 1)[0]);

const at = (value: unknown, path: string): unknown =>
	path
		.split(".")
		.reduce<unknown>(
			(inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
			value,
		);
