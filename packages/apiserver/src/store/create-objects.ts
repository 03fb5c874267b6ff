/**
 * Objects over a store: one watch of the whole store feeds the caches of all kinds, so there is one order of events and
 * one revision that all of them have reached.
 */
import {
	type AnyKind,
	type Clock,
	createFieldSetPool,
	type KubeObject,
	keyOf,
	type Logger,
	noSuchResource,
	readOwnership,
	StatusError,
	serviceUnavailable,
	tooLarge,
} from "@berth/api";
import {
	type Collection,
	cachedAt,
	decodeObject,
	encodeObject,
	prefixOf,
	splitStoreKey,
	storeKey,
} from "./codec.ts";
import type { Cached, CacheEvent, Objects, ResourceCache } from "./objects.ts";
import { WatchCache } from "./resource-cache.ts";
import { Compacted, type Store, type StoreEvent } from "./store.ts";
import { createForms, type Forms, toStored } from "./stored-form.ts";

/** How long a read waits for a revision that the caches have not seen. */
const REACH_TIMEOUT = 3_000;
/** History older than this is compacted, as etcd's is under Kubernetes. */
const COMPACT_INTERVAL = 5 * 60_000;
/** Bytes of one object: what etcd allows by default. Small patches must not grow an object without end. */
const MAX_OBJECT = 1.5 * 1024 * 1024;
/** Events read back from the store at start, so that watches go on over a restart. */
const START_HISTORY = 2_000;

export interface ObjectsOptions {
	readonly store: Store;
	readonly kinds: readonly AnyKind[];
	readonly clock: Clock;
	readonly log: Logger;
}

export async function createObjects(options: ObjectsOptions): Promise<Objects> {
	const objects = new CachedObjects(options);
	await objects.load();
	return objects;
}

class CachedObjects implements Objects {
	readonly #store: Store;
	readonly #clock: Clock;
	readonly #log: Logger;
	readonly #kinds: readonly AnyKind[];
	/** By store prefix. */
	readonly #caches = new Map<string, WatchCache<KubeObject>>();
	/** What this process wrote, by its very bytes: its own writes need no decoding when they come back. */
	readonly #written = new WeakMap<Uint8Array, KubeObject>();
	/** Events of collections that are being opened, by store prefix. */
	readonly #opening = new Map<string, StoreEvent[]>();
	readonly forms: Forms = createForms();
	readonly fieldSets = createFieldSetPool();
	readonly #stop = new AbortController();
	#waiters: { revision: number; resolve: () => void }[] = [];
	#revision = 0;
	#feeding: Promise<void> = Promise.resolve();
	#cancelCompaction: () => void = () => {};

	constructor(options: ObjectsOptions) {
		this.#store = options.store;
		this.#kinds = options.kinds.filter((kind) => !kind.virtual && !kind.stored);
		this.#clock = options.clock;
		this.#log = options.log;
	}

	get revision(): number {
		return this.#revision;
	}

	async load(): Promise<void> {
		const { entries, revision } = await this.#store.list({ prefix: "/" });
		const { events, forgotten } = await this.#recentHistory(revision);
		const byPrefix = Map.groupBy(entries, (entry) => splitStoreKey(entry.key)[0]);
		const historyByPrefix = Map.groupBy(events, (event) => splitStoreKey(event.key)[0]);
		for (const kind of this.#kinds) {
			const prefix = prefixOf(kind);
			this.#caches.set(
				prefix,
				new WatchCache({
					objects: (byPrefix.get(prefix) ?? []).map((entry) =>
						cachedAt(this.#decode(entry.value), entry.revision),
					),
					revision,
					history: chain((historyByPrefix.get(prefix) ?? []).map((event) => this.#toCacheEvent(event))),
					forgotten,
				}),
			);
		}
		this.#revision = revision;
		this.#feeding = this.#feed();
		this.#scheduleCompaction(revision);
	}

	of<T extends KubeObject>(kind: Collection): ResourceCache<T> {
		const cache = this.#caches.get(prefixOf(kind));
		// Its definition has just gone; requests under way find nothing, as later ones will.
		if (!cache) throw noSuchResource();
		// The prefix says the kind and the kind says the type; the map cannot.
		return cache as unknown as ResourceCache<T>;
	}

	async fresh(signal?: AbortSignal): Promise<void> {
		await this.reached(await this.#store.revision(), signal);
	}

	async reached(revision: number, signal?: AbortSignal): Promise<void> {
		if (this.#revision >= revision) return;
		await new Promise<void>((resolve, reject) => {
			const settle = (finish: () => void) => () => {
				cancel();
				signal?.removeEventListener("abort", abort);
				this.#waiters = this.#waiters.filter((other) => other !== waiter);
				finish();
			};
			const waiter = { revision, resolve: settle(resolve) };
			const abort = settle(() => reject(serviceUnavailable("the request was cancelled")));
			const cancel = this.#clock.after(
				REACH_TIMEOUT,
				settle(() => reject(tooLargeRevision(revision, this.#revision))),
			);
			signal?.addEventListener("abort", abort);
			this.#waiters.push(waiter);
		});
	}

	async create<T extends KubeObject>(kind: AnyKind, object: T): Promise<Cached<T> | undefined> {
		return this.#put(kind, object, 0);
	}

	async update<T extends KubeObject>(
		kind: AnyKind,
		object: T,
		expect: number,
	): Promise<Cached<T> | undefined> {
		return this.#put(kind, object, expect);
	}

	async remove<T extends KubeObject>(
		kind: AnyKind,
		key: string,
		expect: number,
	): Promise<Cached<T> | undefined> {
		const last = await this.#shown(kind, this.of<T>(kind).get(key));
		const result = await this.#store.write({ key: storeKey(kind, key), value: undefined, expect });
		if (!result.ok) return undefined;
		await this.reached(result.revision);
		// The compare-and-swap succeeded, so `last` (at `expect`) was the body that is gone.
		return last && cachedAt(last.object, result.revision);
	}

	async close(): Promise<void> {
		this.#cancelCompaction();
		this.#stop.abort();
		await this.#feeding;
		for (const cache of this.#caches.values()) cache.close();
	}

	async open(collection: Collection): Promise<void> {
		const prefix = prefixOf(collection);
		if (this.#caches.has(prefix) || this.#opening.has(prefix)) return;
		const missed: StoreEvent[] = [];
		this.#opening.set(prefix, missed);
		try {
			const { entries, revision } = await this.#store.list({ prefix });
			await this.reached(revision);
			const cache = new WatchCache<KubeObject>({
				objects: entries.map((entry) => cachedAt(this.#decode(entry.value), entry.revision)),
				revision,
				history: [],
				forgotten: revision,
			});
			if (this.#opening.get(prefix) !== missed) return;
			this.#caches.set(prefix, cache);
			for (const event of missed) if (event.revision > revision) this.#applyTo(cache, event);
			cache.advance(this.#revision);
		} finally {
			this.#opening.delete(prefix);
		}
	}

	shut(collection: Collection): void {
		const prefix = prefixOf(collection);
		this.#opening.delete(prefix);
		this.#caches.get(prefix)?.close();
		this.#caches.delete(prefix);
	}

	/** The form says the kind and the kind says the type; memos cannot. */
	async #shown<T extends KubeObject>(
		kind: AnyKind,
		cached: Cached<T> | undefined,
	): Promise<Cached<T> | undefined> {
		return (await this.forms.one(kind, cached)) as Cached<T> | undefined;
	}

	#decode(value: Uint8Array): KubeObject {
		const object = decodeObject(value);
		const { managedFields } = object.metadata;
		const shared = readOwnership(managedFields, this.fieldSets);
		if (!managedFields || !shared) return object;
		return { ...object, metadata: { ...object.metadata, managedFields: shared } };
	}

	async #put<T extends KubeObject>(kind: AnyKind, given: T, expect: number): Promise<Cached<T> | undefined> {
		const object = kind.stored ? ((await toStored(kind, given)) as T) : given;
		const value = encodeObject(object);
		if (value.length > MAX_OBJECT) {
			throw tooLarge(`the object would take ${value.length} bytes; the limit is ${MAX_OBJECT}`);
		}
		this.#written.set(value, object);
		const key = keyOf(object);
		const result = await this.#store.write({ key: storeKey(kind, key), value, expect });
		if (!result.ok) return undefined;
		await this.reached(result.revision);
		const cached = this.of<T>(kind).get(key);
		// Somebody else may have written again in between; the answer is what was written here.
		const written = cached?.revision === result.revision ? cached : cachedAt(object, result.revision);
		return kind.stored ? this.#shown(kind, written) : written;
	}

	async #feed(): Promise<void> {
		while (!this.#stop.signal.aborted) {
			try {
				const query = { prefix: "/", after: this.#revision, signal: this.#stop.signal };
				for await (const batch of this.#store.watch(query)) this.#apply(batch);
			} catch (error) {
				this.#log.error({ error }, "the watch of the store broke; starting it again");
				await this.#clock.sleep(1000, this.#stop.signal);
			}
		}
	}

	#apply(batch: readonly StoreEvent[]): void {
		for (const event of batch) {
			const [prefix] = splitStoreKey(event.key);
			const cache = this.#caches.get(prefix);
			if (cache) this.#applyTo(cache, event);
			else this.#opening.get(prefix)?.push(event);
		}
		this.#revision = batch.at(-1)!.revision;
		for (const cache of this.#caches.values()) cache.advance(this.#revision);
		for (const waiter of this.#waiters) if (waiter.revision <= this.#revision) waiter.resolve();
	}

	#applyTo(cache: WatchCache<KubeObject>, event: StoreEvent): void {
		const [, key] = splitStoreKey(event.key);
		const previous = cache.get(key);
		const current =
			event.type === "delete" && previous
				? cachedAt(previous.object, event.revision)
				: this.#present(event.value, event.revision);
		// Only what can still be read is worth its bytes.
		previous?.retire();
		if (event.type === "delete") current.retire();
		cache.apply({ type: event.type, current, ...(previous ? { previous } : {}), revision: event.revision });
	}

	#present(value: Uint8Array, revision: number): Cached {
		const own = this.#written.get(value);
		return own ? cachedAt(own, revision, value) : cachedAt(this.#decode(value), revision);
	}

	async #recentHistory(upTo: number): Promise<{ events: readonly StoreEvent[]; forgotten: number }> {
		const read = async (after: number): Promise<readonly StoreEvent[]> => {
			const stop = new AbortController();
			if (after >= upTo) return [];
			for await (const batch of this.#store.watch({ prefix: "/", after, signal: stop.signal })) {
				return batch.filter((event) => event.revision <= upTo);
			}
			return [];
		};
		const wanted = Math.max(1, upTo - START_HISTORY);
		try {
			return { events: await read(wanted), forgotten: wanted };
		} catch (error) {
			if (!(error instanceof Compacted)) throw error;
			return { events: await read(error.oldest), forgotten: error.oldest };
		}
	}

	#toCacheEvent(event: StoreEvent): CacheEvent {
		return {
			type: event.type,
			current: cachedAt(this.#decode(event.value), event.revision),
			// Its own revision is set by `chain` where the event that made it is known; otherwise it is only old.
			...(event.previous ? { previous: cachedAt(this.#decode(event.previous), event.revision - 1) } : {}),
			revision: event.revision,
		};
	}

	#scheduleCompaction(revision: number): void {
		this.#cancelCompaction = this.#clock.after(COMPACT_INTERVAL, () => {
			this.#store
				.compact(revision)
				.catch((error: unknown) => this.#log.error({ error }, "cannot compact the store"));
			for (const cache of this.#caches.values()) cache.compact(revision);
			this.#scheduleCompaction(this.#revision);
		});
	}
}

/** Gives each event of a history the very object that the event before it left behind. */
function chain(events: CacheEvent[]): CacheEvent[] {
	const last = new Map<string, Cached>();
	return events.map((event) => {
		const previous = last.get(event.current.key);
		if (event.type === "put") last.set(event.current.key, event.current);
		else last.delete(event.current.key);
		return previous ? { ...event, previous } : event;
	});
}

function tooLargeRevision(wanted: number, current: number): StatusError {
	const message = "Too large resource version";
	return new StatusError({
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Failure",
		message: `Timeout: ${message}: ${wanted}, current: ${current}`,
		reason: "Timeout",
		details: { causes: [{ reason: "ResourceVersionTooLarge", message }], retryAfterSeconds: 1 },
		code: 504,
	});
}
