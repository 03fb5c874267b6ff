/**
 * Objects in the form in which their kind shows them. Most kinds are stored as they are and pass through untouched;
 * others share a collection (`stored` of the kind). A form is made once for each revision, and encoded once.
 */
import type { AnyKind, KubeObject } from "@berth/api";
import { cachedAt } from "./codec.ts";
import type { Cached, CacheEvent } from "./objects.ts";

type Awaitable<T> = T | Promise<T>;

/** Rejects with StatusErrors where a conversion fails. Answers at once where there is nothing to convert. */
export interface Forms {
	/** One object of the store as `kind` shows it. */
	one<T extends Cached | undefined>(kind: AnyKind, cached: T): T | Promise<T | Cached>;
	/** All in the same order; what is not known yet is converted together. */
	all(kind: AnyKind, items: readonly Cached[]): Awaitable<readonly Cached[]>;
	events(kind: AnyKind, batch: readonly CacheEvent[]): Awaitable<readonly CacheEvent[]>;
}

/** What the store keeps for an object of `kind`. */
export const toStored = (kind: AnyKind, object: KubeObject): Awaitable<KubeObject> =>
	kind.stored ? kind.stored.write(object) : object;

export function createForms(): Forms {
	// They go with what they were made of, or with the kind.
	const forms = new Memos<Cached>();
	const eventForms = new Memos<CacheEvent>();

	function all(kind: AnyKind, items: readonly Cached[]): Awaitable<readonly Cached[]> {
		const { stored } = kind;
		if (!stored) return items;
		const known = forms.of(kind);
		const missing = items.filter((item) => !known.has(item));
		const found = () => items.map((item) => known.get(item) ?? item);
		if (!missing.length) return found();
		const keep = (objects: readonly KubeObject[]) => {
			for (const [index, item] of missing.entries()) {
				known.set(item, cachedAs(item, objects[index] ?? item.object));
			}
			return found();
		};
		const objects = missing.map((item) => item.object);
		return stored.readAll ? stored.readAll(objects).then(keep) : keep(objects.map(stored.read));
	}

	async function eventsAs(kind: AnyKind, batch: readonly CacheEvent[]): Promise<readonly CacheEvent[]> {
		const known = eventForms.of(kind);
		const bodies = batch.flatMap(({ current, previous }) => (previous ? [current, previous] : [current]));
		const shown = new Map((await all(kind, bodies)).map((form, index) => [bodies[index], form]));
		return batch.map((event) => {
			const made = known.get(event) ?? eventAs(event, (body) => shown.get(body) ?? body);
			known.set(event, made);
			return made;
		});
	}

	return {
		one: (kind, cached) =>
			kind.stored && cached ? Promise.resolve(all(kind, [cached])).then(([form]) => form ?? cached) : cached,
		all,
		events: (kind, batch) => (kind.stored ? eventsAs(kind, batch) : batch),
	};
}

const cachedAs = (item: Cached, object: KubeObject): Cached =>
	object === item.object ? item : cachedAt(object, item.revision);

const eventAs = (event: CacheEvent, form: (body: Cached) => Cached): CacheEvent => ({
	...event,
	current: form(event.current),
	...(event.previous ? { previous: form(event.previous) } : {}),
});

class Memos<K extends object> {
	readonly #byKind = new WeakMap<AnyKind, WeakMap<K, K>>();

	of(kind: AnyKind): WeakMap<K, K> {
		let memo = this.#byKind.get(kind);
		if (!memo) {
			memo = new WeakMap();
			this.#byKind.set(kind, memo);
		}
		return memo;
	}
}
