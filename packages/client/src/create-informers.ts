import type { AnyKind, Clock, Kind, KubeObject, Logger } from "@berth/api";
import type { Client } from "./client.ts";
import type { Informer, InformerScope, Informers } from "./informer.ts";
import { createInformerCache } from "./informer-cache.ts";
import { reflect } from "./reflector.ts";

export interface InformersOptions {
	readonly client: Client;
	readonly clock: Clock;
	readonly log: Logger;
	/** In [0, 1); jitter of retries. Default `Math.random`. */
	readonly random?: () => number;
}

interface Entry {
	readonly informer: Informer<KubeObject>;
	readonly run: (signal: AbortSignal) => Promise<void>;
	/** Ends this one before the others. */
	readonly dropped: AbortController;
}

/** The informers of one identity, shared by all who ask. Nothing is read from the server before `start`. */
export function createInformers({ client, clock, log, random = Math.random }: InformersOptions): Informers {
	const entries = new Map<string, Entry>();
	const running = new Set<Promise<void>>();
	let started: AbortSignal | undefined;

	function launch(entry: Entry, signal: AbortSignal) {
		const done = entry
			.run(AbortSignal.any([signal, entry.dropped.signal]))
			.finally(() => running.delete(done));
		running.add(done);
	}

	return {
		of<T extends KubeObject>(kind: Kind<T>, scope: InformerScope = {}): Informer<T> {
			const id = scopeId(kind, scope);
			const known = entries.get(id);
			// The map holds informers of every kind; the id says which.
			if (known) return known.informer as unknown as Informer<T>;
			const cache = createInformerCache<T>(kind, log);
			const entry: Entry = {
				informer: cache as unknown as Informer<KubeObject>,
				run: (signal) => reflect({ kind, scope, cache, client, clock, log, random }, signal),
				dropped: new AbortController(),
			};
			entries.set(id, entry);
			if (started) launch(entry, started);
			return cache;
		},

		drop(kind, scope = {}) {
			const id = scopeId(kind, scope);
			entries.get(id)?.dropped.abort();
			entries.delete(id);
		},

		async start(signal) {
			if (started) throw new Error("these informers were started already");
			started = signal;
			for (const entry of entries.values()) launch(entry, signal);
			if (!signal.aborted) {
				await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
			}
			await Promise.all(running);
		},

		async synced(signal) {
			signal?.throwIfAborted();
			const all = Promise.all([...entries.values()].map(({ informer }) => informer.whenSynced));
			const { promise: aborted, reject } = Promise.withResolvers<never>();
			const abort = () => reject(signal?.reason);
			signal?.addEventListener("abort", abort, { once: true });
			try {
				await Promise.race([all, aborted]);
			} finally {
				signal?.removeEventListener("abort", abort);
			}
		},
	};
}

const scopeId = (kind: AnyKind, scope: InformerScope) =>
	JSON.stringify([
		kind.apiVersion,
		kind.plural,
		scope.namespace ?? "",
		scope.labelSelector ?? "",
		scope.fieldSelector ?? "",
	]);
