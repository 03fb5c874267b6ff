/**
 * ConfigMaps, Secrets and their like that pods of this host refer to: each is watched by name while a pod uses it, and
 * no longer. The agent neither sees nor asks for others.
 */
import type { Clock, Kind, KubeObject, Logger } from "@berth/api";
import { type Client, createInformers, type Informer } from "@berth/client";

/** A pod that uses something. */
export interface User {
	readonly uid: string;
	/** Called whenever something it uses has changed. */
	readonly changed: () => void;
	/** Aborts when the pod uses nothing any more. */
	readonly life: AbortSignal;
}

export interface References {
	/** The newest known, watched from now on for the user; undefined when there is none. Rejects when it cannot be read. */
	get<T extends KubeObject>(
		kind: Kind<T>,
		namespace: string,
		name: string,
		user: User,
	): Promise<T | undefined>;
}

export interface ReferencesOptions {
	readonly client: Client;
	readonly clock: Clock;
	readonly log: Logger;
}

interface Entry {
	readonly informer: Informer<KubeObject>;
	readonly synced: Promise<void>;
	readonly users: Map<string, User>;
	readonly stop: AbortController;
}

/** How long the first answer of a watch is waited for, before the object is asked for directly. */
const PATIENCE = 3_000;

export function createReferences({ client, clock, log }: ReferencesOptions): References {
	const entries = new Map<string, Entry>();

	function open<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string, key: string): Entry {
		const stop = new AbortController();
		const informers = createInformers({ client, clock, log });
		const informer = informers.of(kind, { namespace, fieldSelector: `metadata.name=${name}` });
		const running = informers.start(stop.signal);
		running.catch((error: unknown) => log.error({ error, key }, "watching an object that a pod uses ended"));
		const synced = informers.synced(stop.signal);
		synced.catch(() => {});
		const users = new Map<string, User>();
		informer.subscribe(({ type }) => {
			// The first list answers who is waiting for it.
			if (type === "added" && !informer.synced) return;
			for (const user of users.values()) user.changed();
		});
		// The key says of which kind the informer is.
		return { informer: informer as unknown as Informer<KubeObject>, synced, users, stop };
	}

	function use(key: string, entry: Entry, user: User): void {
		if (entry.users.has(user.uid)) return;
		entry.users.set(user.uid, user);
		const leave = () => {
			entry.users.delete(user.uid);
			if (entry.users.size > 0 || entries.get(key) !== entry) return;
			entries.delete(key);
			entry.stop.abort();
		};
		if (user.life.aborted) leave();
		else user.life.addEventListener("abort", leave, { once: true });
	}

	return {
		async get<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string, user: User) {
			const key = `${kind.apiVersion}/${kind.plural}/${namespace}/${name}`;
			const entry = entries.get(key) ?? open(kind, namespace, name, key);
			entries.set(key, entry);
			use(key, entry, user);
			if (!entry.informer.synced) {
				const late = new AbortController();
				await Promise.race([entry.synced.catch(() => {}), clock.sleep(PATIENCE, late.signal)]);
				late.abort();
			}
			if (!entry.informer.synced) {
				const list = await client.list(kind, { namespace, fieldSelector: `metadata.name=${name}` });
				return list.items[0];
			}
			return entry.informer.get(`${namespace}/${name}`) as T | undefined;
		},
	};
}
