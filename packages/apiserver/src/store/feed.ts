/**
 * The live half of a watch: backends publish what has become durable, watchers read history first and continue here
 * without a gap. Owned by one backend; closed with it.
 */
import type { StoreEvent } from "./store.ts";

interface Subscriber {
	readonly prefix: string;
	pending: StoreEvent[];
	wake: (() => void) | undefined;
}

export class Feed {
	#revision: number;
	readonly #subscribers = new Set<Subscriber>();
	#closed = false;

	constructor(revision: number) {
		this.#revision = revision;
	}

	/** Revision of the newest published event. */
	get revision(): number {
		return this.#revision;
	}

	/** Events in revision order, each newer than all before. */
	publish(events: readonly StoreEvent[]): void {
		for (const event of events) {
			this.#revision = event.revision;
			for (const subscriber of this.#subscribers) {
				if (event.key.startsWith(subscriber.prefix)) subscriber.pending.push(event);
			}
		}
		for (const subscriber of this.#subscribers) {
			if (subscriber.pending.length) subscriber.wake?.();
		}
	}

	/**
	 * `history(after, upTo)` yields the events in (after, upTo], already durable. It runs after the subscription, so
	 * nothing falls between the two.
	 */
	async *watch(
		query: { prefix: string; after: number; signal: AbortSignal },
		history: (after: number, upTo: number) => Iterable<StoreEvent>,
	): AsyncIterable<readonly StoreEvent[]> {
		const subscriber: Subscriber = { prefix: query.prefix, pending: [], wake: undefined };
		const seen = this.#revision;
		this.#subscribers.add(subscriber);
		const wake = () => subscriber.wake?.();
		query.signal.addEventListener("abort", wake);
		try {
			const old = [...history(query.after, seen)].filter((event) => event.key.startsWith(query.prefix));
			if (old.length) yield old;
			while (!query.signal.aborted && !this.#closed) {
				const batch = subscriber.pending.filter((event) => event.revision > query.after);
				subscriber.pending = [];
				if (batch.length) {
					yield batch;
					continue;
				}
				await new Promise<void>((resolve) => {
					subscriber.wake = resolve;
				});
				subscriber.wake = undefined;
			}
		} finally {
			query.signal.removeEventListener("abort", wake);
			this.#subscribers.delete(subscriber);
		}
	}

	close(): void {
		this.#closed = true;
		for (const subscriber of this.#subscribers) subscriber.wake?.();
	}
}
