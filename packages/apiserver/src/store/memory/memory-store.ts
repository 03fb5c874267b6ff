/** The store for tests: same promises, nothing on disk. */
import { Feed } from "../feed.ts";
import { Compacted, type Entry, type Store, type StoreEvent } from "../store.ts";

export function createMemoryStore(): Store {
	const entries = new Map<string, Entry>();
	const feed = new Feed(1);
	let log: StoreEvent[] = [];
	let compacted = 1;

	const history = (after: number, upTo: number) => {
		if (after < compacted) throw new Compacted(compacted);
		return log.filter((event) => event.revision > after && event.revision <= upTo);
	};

	return {
		revision: async () => feed.revision,
		get: async (key) => entries.get(key),
		list: async ({ prefix, after, limit }) => {
			const keys = [...entries.keys()]
				.filter((key) => key.startsWith(prefix) && (after === undefined || key > after))
				.sort();
			const taken = limit === undefined ? keys : keys.slice(0, limit);
			return {
				entries: taken.map((key) => entries.get(key)!),
				revision: feed.revision,
				more: taken.length < keys.length,
			};
		},
		write: async ({ key, value, expect }) => {
			const current = entries.get(key);
			if ((current?.revision ?? 0) !== expect) return current ? { ok: false, current } : { ok: false };
			if (value === undefined && !current) return { ok: false };
			const revision = feed.revision + 1;
			if (value === undefined) entries.delete(key);
			else entries.set(key, { key, value, revision });
			const event: StoreEvent = {
				type: value === undefined ? "delete" : "put",
				key,
				value: value ?? current!.value,
				...(current ? { previous: current.value } : {}),
				revision,
			};
			log.push(event);
			feed.publish([event]);
			return { ok: true, revision };
		},
		watch: (query) => feed.watch(query, history),
		compact: async (revision) => {
			compacted = Math.max(compacted, Math.min(revision, feed.revision));
			log = log.filter((event) => event.revision > compacted);
		},
		close: async () => feed.close(),
	};
}
