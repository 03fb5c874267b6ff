/**
 * Objects over the store: the only way the registry reads and writes. Reads come from the watch cache, writes are
 * compare-and-swap and return once the cache has seen them, so every caller reads its own writes.
 */
import type { AnyKind, FieldSetPool, KubeObject } from "@berth/api";
import type { Collection } from "./codec.ts";
import type { Forms } from "./stored-form.ts";

/** One revision of one object, as everybody shares it: decoded once, encoded once, frozen. */
export interface Cached<T extends KubeObject = KubeObject> {
	/** `namespace/name` or `name`. */
	readonly key: string;
	readonly object: T;
	readonly revision: number;
	/** The object as JSON; encoded at the first call, the same buffer from then on. */
	json(): Uint8Array;
	/** The object in another encoding: the same buffer for all who ask at about the same time, given up when memory is short. */
	encoded(encoding: Encoding): Uint8Array;
	/** A newer revision has taken its place: its JSON is kept no longer than other encodings are. */
	retire(): void;
}

/** A way to write objects as bytes. Told apart by identity: those who want to share the bytes share the encoding. */
export interface Encoding {
	encode(cached: Cached): Uint8Array;
}

export interface CacheEvent<T extends KubeObject = KubeObject> {
	readonly type: "put" | "delete";
	/** For a delete: the last body, with the deletion's revision as its resourceVersion. */
	readonly current: Cached<T>;
	/** What was there before this event; absent for a creation. */
	readonly previous?: Cached<T>;
	readonly revision: number;
}

export interface ObjectWatch<T extends KubeObject = KubeObject> extends AsyncDisposable {
	/** Batches in revision order. Ends when disposed; throws `Overrun` when the reader is too slow. */
	readonly batches: AsyncIterable<readonly CacheEvent<T>[]>;
	/** Newest revision that this watch has nothing more to say about: what a bookmark carries. */
	progress(): number;
}

/** All objects of one kind, fresh to `revision`. */
export interface ResourceCache<T extends KubeObject = KubeObject> {
	readonly revision: number;
	get(key: string): Cached<T> | undefined;
	/** In key order; `namespace` undefined means all. A snapshot: later writes do not change it. */
	list(namespace?: string): readonly Cached<T>[];
	/**
	 * Every event after `after`. Subscribes before it returns, so `list()` then `watch({after: revision})` loses nothing.
	 * Throws `Compacted` when the history kept does not reach back that far.
	 */
	watch(query: { namespace?: string | undefined; after: number }): ObjectWatch<T>;
	/** The list as it was at an older `revision`, for continue tokens and exact reads. Throws `Compacted`. */
	listAt(revision: number, namespace?: string): readonly Cached<T>[];
}

export interface Objects {
	/** The collection that the kind's objects are in, in the form in which they are stored: see `forms`. */
	of<T extends KubeObject>(kind: Collection): ResourceCache<T>;
	readonly forms: Forms;
	/** Who owns which fields is kept once for all objects that are owned alike. */
	readonly fieldSets: FieldSetPool;
	/** Newest revision of the store as the caches know it. */
	readonly revision: number;
	/** Resolves when every cache is at least at the store's present revision: a consistent read may follow. */
	fresh(signal?: AbortSignal): Promise<void>;
	/** Resolves when the caches have reached `revision`; rejects with a Timeout StatusError ("Too large resource version") after a few seconds. */
	reached(revision: number, signal?: AbortSignal): Promise<void>;
	/** `undefined` when the key is already taken. */
	create<T extends KubeObject>(kind: AnyKind, object: T): Promise<Cached<T> | undefined>;
	/** `undefined` when the object is no longer at revision `expect`. */
	update<T extends KubeObject>(kind: AnyKind, object: T, expect: number): Promise<Cached<T> | undefined>;
	/** Answers the last body with the deletion's revision; `undefined` when no longer at revision `expect`. */
	remove<T extends KubeObject>(kind: AnyKind, key: string, expect: number): Promise<Cached<T> | undefined>;
	/** Starts to keep the cache of a collection (custom resources). Built-in kinds are there from the start. */
	open(collection: Collection): Promise<void>;
	/** Stops keeping it, and ends its watches. What is stored stays. */
	shut(collection: Collection): void;
	close(): Promise<void>;
}

/** A watcher did not read fast enough and was dropped; it must list again. */
export class Overrun extends Error {
	override readonly name = "Overrun";
}
