/**
 * The default store: one lmdb file, no server to run. Writes that arrive together share one transaction and one sync to
 * disk; a write is acknowledged, and seen by watchers, only when it is durable.
 */
import { mkdirSync } from "node:fs";
import { type Database, open, type RootDatabase } from "lmdb";
import { Feed } from "../feed.ts";
import { Compacted, type Store, type StoreEvent, type WriteResult } from "../store.ts";
import { lockDirectory } from "./directory-lock.ts";
import { decodeEntry, decodeEvent, decodeRevision, encodeEntry, encodeEvent } from "./record.ts";

/** Sorts after every character that a key may hold. */
const LAST = "\uffff";
const COMPACT_CHUNK = 1000;

export async function openEmbeddedStore(options: { directory: string }): Promise<Store> {
	mkdirSync(options.directory, { recursive: true, mode: 0o700 });
	const lock = await lockDirectory(options.directory);
	try {
		return new EmbeddedStore(options.directory, lock);
	} catch (error) {
		await lock[Symbol.asyncDispose]();
		throw error;
	}
}

class EmbeddedStore implements Store {
	readonly #root: RootDatabase<Buffer, string>;
	/** key -> value record. */
	readonly #data: Database<Buffer, string>;
	/** revision -> log record. */
	readonly #log: Database<Buffer, number>;
	readonly #lock: AsyncDisposable;
	readonly #feed: Feed;
	/** Revision given to the newest write, durable or not. Only changed inside a write transaction. */
	#assigned: number;
	/** Written, not yet durable; in revision order. */
	#unflushed: StoreEvent[] = [];
	#compacted: number;

	constructor(directory: string, lock: AsyncDisposable) {
		this.#lock = lock;
		this.#root = open({ path: `${directory}/store.mdb`, encoding: "binary", maxDbs: 4 });
		this.#data = this.#root.openDB({ name: "data", encoding: "binary" });
		this.#log = this.#root.openDB({ name: "log", encoding: "binary" });
		this.#compacted = this.#number("compacted", 1);
		this.#assigned = this.#number("revision", 1);
		this.#feed = new Feed(this.#assigned);
	}

	async revision(): Promise<number> {
		return this.#feed.revision;
	}

	async get(key: string) {
		const record = this.#data.get(key);
		return record && decodeEntry(key, record);
	}

	async list({ prefix, after, limit }: { prefix: string; after?: string; limit?: number }) {
		const range = this.#data.getRange({
			start: after ?? prefix,
			exclusiveStart: after !== undefined,
			end: prefix + LAST,
			...(limit === undefined ? {} : { limit: limit + 1 }),
		});
		const entries = [...range].map(({ key, value }) => decodeEntry(key, value));
		const more = limit !== undefined && entries.length > limit;
		return { entries: more ? entries.slice(0, limit) : entries, revision: this.#feed.revision, more };
	}

	async write(write: { key: string; value: Uint8Array | undefined; expect: number }): Promise<WriteResult> {
		let event: StoreEvent | undefined;
		try {
			const result = await this.#root.transaction(() => {
				const { result, event: written } = this.#writeInTransaction(write);
				event = written;
				return result;
			});
			if (!result.ok) return result;
			await this.#root.flushed;
			// Transactions become durable in order: everything up to this revision is.
			this.#publish(result.revision);
			return result;
		} catch (error) {
			// A full or broken disk: the write did not happen, and nobody may hear of it.
			this.#unflushed = this.#unflushed.filter((unflushed) => unflushed !== event);
			throw error;
		}
	}

	watch(query: { prefix: string; after: number; signal: AbortSignal }) {
		return this.#feed.watch(query, (after, upTo) => this.#history(after, upTo));
	}

	async compact(revision: number): Promise<void> {
		const target = Math.min(revision, this.#feed.revision);
		if (target <= this.#compacted) return;
		this.#compacted = target;
		await this.#root.put("compacted", encodeEntry(target, EMPTY));
		for (;;) {
			const old = [...this.#log.getKeys({ end: target + 1, limit: COMPACT_CHUNK })];
			if (old.length === 0) return;
			await this.#log.batch(() => {
				for (const key of old) this.#log.remove(key);
			});
		}
	}

	async close(): Promise<void> {
		this.#feed.close();
		await this.#root.flushed;
		await this.#root.close();
		await this.#lock[Symbol.asyncDispose]();
	}

	#writeInTransaction(write: { key: string; value: Uint8Array | undefined; expect: number }): {
		result: WriteResult;
		event?: StoreEvent;
	} {
		const record = this.#data.get(write.key);
		if ((record ? decodeRevision(record) : 0) !== write.expect || (!record && write.value === undefined)) {
			return { result: record ? { ok: false, current: decodeEntry(write.key, record) } : { ok: false } };
		}
		this.#assigned += 1;
		const revision = this.#assigned;
		const previous = record && decodeEntry(write.key, record).value;
		const event: StoreEvent = {
			type: write.value === undefined ? "delete" : "put",
			key: write.key,
			value: write.value ?? previous!,
			...(previous ? { previous } : {}),
			revision,
		};
		if (write.value === undefined) this.#data.remove(write.key);
		else this.#data.put(write.key, encodeEntry(revision, write.value));
		this.#log.put(revision, encodeEvent(event));
		this.#root.put("revision", encodeEntry(revision, EMPTY));
		this.#unflushed.push(event);
		return { result: { ok: true, revision }, event };
	}

	#publish(durable: number): void {
		let count = 0;
		while (count < this.#unflushed.length && this.#unflushed[count]!.revision <= durable) count += 1;
		if (count) this.#feed.publish(this.#unflushed.splice(0, count));
	}

	*#history(after: number, upTo: number): Iterable<StoreEvent> {
		if (after < this.#compacted) throw new Compacted(this.#compacted);
		for (const { key, value } of this.#log.getRange({ start: after + 1, end: upTo + 1 })) {
			yield decodeEvent(key, value);
		}
	}

	#number(name: string, initial: number): number {
		const record = this.#root.get(name);
		return record ? decodeRevision(record) : initial;
	}
}

const EMPTY = new Uint8Array();
