/**
 * The watch cache of one kind: the present objects in key order, and the last events, so that reads and watches never
 * touch the store. Only `apply` mutates it, and only the feeder in `create-objects.ts` calls that.
 */
import type { KubeObject } from "@berth/api";
import type { Cached, CacheEvent, ObjectWatch, ResourceCache } from "./objects.ts";
import { Overrun } from "./objects.ts";
import { Compacted } from "./store.ts";

/** Events kept for watches and exact lists that start in the past. */
const HISTORY_LIMIT = 4096;
/** Events a watcher may fall behind before it is dropped. */
const BACKLOG_LIMIT = 10_000;

type Namespace = string | undefined;

interface Watcher<T extends KubeObject> {
	readonly namespace: Namespace;
	/** Older events are not its business, also while this revision is still to come. */
	readonly after: number;
	pending: CacheEvent<T>[];
	/** Revision up to which its reader has dealt with everything. */
	done: number;
	/** A batch is with the reader, who has not asked for the next one yet. */
	reading: boolean;
	overrun: boolean;
	closed: boolean;
	wake: (() => void) | undefined;
}

export class WatchCache<T extends KubeObject> implements ResourceCache<T> {
	/** Revision to which this cache is fresh: every event up to it has been applied. */
	revision: number;
	/** Sorted. */
	readonly #keys: string[] = [];
	readonly #objects = new Map<string, Cached<T>>();
	#history: CacheEvent<T>[] = [];
	/** Events up to and including this revision are no longer in `#history`. */
	#forgotten: number;
	readonly #watchers = new Set<Watcher<T>>();

	/** `objects` as of `revision`; `history` the events before it that are still known, the first one after `forgotten`. */
	constructor(start: {
		readonly objects: readonly Cached<T>[];
		readonly revision: number;
		readonly history: CacheEvent<T>[];
		readonly forgotten: number;
	}) {
		for (const cached of start.objects) this.#objects.set(cached.key, cached);
		this.#keys = [...this.#objects.keys()].sort();
		this.revision = start.revision;
		this.#history = start.history;
		this.#forgotten = start.forgotten;
	}

	get(key: string): Cached<T> | undefined {
		return this.#objects.get(key);
	}

	list(namespace?: string): readonly Cached<T>[] {
		const [from, to] = rangeOf(this.#keys, namespace);
		const result: Cached<T>[] = [];
		for (let i = from; i < to; i += 1) result.push(this.#objects.get(this.#keys[i]!)!);
		return result;
	}

	listAt(revision: number, namespace?: string): readonly Cached<T>[] {
		if (revision >= this.revision) return this.list(namespace);
		if (revision < this.#forgotten) throw new Compacted(this.#forgotten);
		// Pages of a list that nobody has changed since.
		if ((this.#history.at(-1)?.revision ?? 0) <= revision) return this.list(namespace);
		const objects = new Map(this.list(namespace).map((cached) => [cached.key, cached]));
		for (let i = this.#history.length - 1; i >= 0; i -= 1) {
			const event = this.#history[i]!;
			if (event.revision <= revision) break;
			if (!within(event.current.object, namespace)) continue;
			if (event.previous) objects.set(event.current.key, event.previous);
			else objects.delete(event.current.key);
		}
		return [...objects.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
	}

	watch(query: { namespace?: Namespace; after: number }): ObjectWatch<T> {
		if (query.after < this.#forgotten) throw new Compacted(this.#forgotten);
		const past = this.#history.slice(firstAfter(this.#history, query.after));
		const watcher: Watcher<T> = {
			namespace: query.namespace,
			after: query.after,
			done: query.after,
			reading: false,
			pending: past.filter((event) => within(event.current.object, query.namespace)),
			overrun: false,
			closed: false,
			wake: undefined,
		};
		this.#watchers.add(watcher);
		const idle = () => watcher.pending.length === 0 && !watcher.reading;
		return {
			batches: this.#batches(watcher),
			progress: () => (idle() ? Math.max(watcher.after, this.revision) : watcher.done),
			[Symbol.asyncDispose]: async () => this.#drop(watcher),
		};
	}

	/** Applies one event, newer than all before, and wakes the watchers. */
	apply(event: CacheEvent<T>): void {
		const { key } = event.current;
		if (event.type === "delete") {
			if (this.#objects.delete(key)) this.#keys.splice(lowerBound(this.#keys, key), 1);
		} else {
			if (!this.#objects.has(key)) this.#keys.splice(lowerBound(this.#keys, key), 0, key);
			this.#objects.set(key, event.current);
		}
		this.revision = event.revision;
		this.#history.push(event);
		for (const watcher of this.#watchers) {
			if (event.revision <= watcher.after || !within(event.current.object, watcher.namespace)) continue;
			if (watcher.pending.length >= BACKLOG_LIMIT) watcher.overrun = true;
			else watcher.pending.push(event);
			watcher.wake?.();
		}
	}

	/** Other kinds have moved on to `revision`; this one has nothing new. Also the moment to forget old events. */
	advance(revision: number): void {
		this.revision = revision;
		// Amortized: cut in large pieces, so that a long history is not moved at every event.
		if (this.#history.length > 2 * HISTORY_LIMIT) this.#forget(this.#history.length - HISTORY_LIMIT);
	}

	/** Forgets events up to and including `revision`. */
	compact(revision: number): void {
		this.#forget(firstAfter(this.#history, revision));
		this.#forgotten = Math.max(this.#forgotten, revision);
	}

	close(): void {
		for (const watcher of this.#watchers) this.#drop(watcher);
	}

	#forget(count: number): void {
		if (count === 0) return;
		this.#forgotten = Math.max(this.#forgotten, this.#history[count - 1]!.revision);
		this.#history = this.#history.slice(count);
	}

	#drop(watcher: Watcher<T>): void {
		watcher.closed = true;
		watcher.pending = [];
		this.#watchers.delete(watcher);
		watcher.wake?.();
	}

	async *#batches(watcher: Watcher<T>): AsyncIterable<readonly CacheEvent<T>[]> {
		try {
			while (!watcher.closed) {
				if (watcher.pending.length) {
					const batch = watcher.pending;
					watcher.pending = [];
					watcher.reading = true;
					yield batch;
					watcher.reading = false;
					watcher.done = batch.at(-1)!.revision;
				} else if (watcher.overrun) {
					throw new Overrun("the watcher fell too far behind");
				} else {
					await new Promise<void>((resolve) => {
						watcher.wake = resolve;
					});
					watcher.wake = undefined;
				}
			}
		} finally {
			this.#drop(watcher);
		}
	}
}

const within = (object: KubeObject, namespace: Namespace) =>
	namespace === undefined || object.metadata.namespace === namespace;

/** Index of the first element not less than `key`. */
function lowerBound(keys: readonly string[], key: string): number {
	let low = 0;
	let high = keys.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (keys[middle]! < key) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The keys of one namespace stand together: `ns/` up to `ns0`, the character after the slash. */
function rangeOf(keys: readonly string[], namespace: Namespace): [number, number] {
	if (namespace === undefined) return [0, keys.length];
	return [lowerBound(keys, `${namespace}/`), lowerBound(keys, `${namespace}0`)];
}

/** Index of the first event with a revision greater than `revision`. */
function firstAfter(events: readonly CacheEvent[], revision: number): number {
	let low = 0;
	let high = events.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (events[middle]!.revision <= revision) low = middle + 1;
		else high = middle;
	}
	return low;
}
