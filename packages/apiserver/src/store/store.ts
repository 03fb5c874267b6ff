/**
 * The store seam: bytes under keys, and one global, monotonic revision. No kinds, no JSON.
 * Every backend passes the suite in `store.conformance.ts`; every acknowledged write is durable.
 */

export interface Entry {
	readonly key: string;
	readonly value: Uint8Array;
	/** Revision of the last write to this key. */
	readonly revision: number;
}

export interface StoreEvent {
	readonly type: "put" | "delete";
	readonly key: string;
	/** The new value; for a delete the last value the key had. */
	readonly value: Uint8Array;
	/** The value before; absent for the first put of a key. */
	readonly previous?: Uint8Array;
	readonly revision: number;
}

export interface ListResult {
	readonly entries: readonly Entry[];
	/** Revision of the store at which this list is exact. */
	readonly revision: number;
	readonly more: boolean;
}

export type WriteResult =
	| { readonly ok: true; readonly revision: number }
	/** The expectation failed; `current` is what the key holds (absent: nothing). */
	| { readonly ok: false; readonly current?: Entry };

export interface Store {
	/** Revision of the newest acknowledged write; 1 for an empty store. */
	revision(): Promise<number>;
	get(key: string): Promise<Entry | undefined>;
	/** Keys that start with `prefix`, in byte order, strictly after `after`. */
	list(query: { prefix: string; after?: string; limit?: number }): Promise<ListResult>;
	/**
	 * Compare and swap. `expect` is the revision the key must have, 0 for "must not exist". `value` undefined deletes.
	 * Resolves when the write is durable.
	 */
	write(write: { key: string; value: Uint8Array | undefined; expect: number }): Promise<WriteResult>;
	/**
	 * Every event with a revision greater than `after`, in order, without gaps, until `signal` aborts. Throws `Compacted`
	 * when history does not reach back that far. Batches hold at least one event.
	 */
	watch(query: { prefix: string; after: number; signal: AbortSignal }): AsyncIterable<readonly StoreEvent[]>;
	/** Forgets history up to and including `revision`; current values stay. */
	compact(revision: number): Promise<void>;
	close(): Promise<void>;
}

/** The revision asked for is older than the history that is kept. */
export class Compacted extends Error {
	override readonly name = "Compacted";
	/** The oldest revision that a watch may still start after. */
	readonly oldest: number;

	constructor(oldest: number) {
		super(`revisions before ${oldest} have been compacted`);
		this.oldest = oldest;
	}
}
