/**
 * Keeps a cache equal to the server's collection: a streaming list, then the watch from there, for ever. Every failure
 * leads back to the same two questions: do we know a revision to resume from, and how long do we wait first?
 */
import {
	type Clock,
	deepFreeze,
	isExpired,
	type Kind,
	type KubeObject,
	keyOf,
	type Logger,
	type Status,
	StatusError,
	type WatchEvent,
} from "@berth/api";
import { createBackoff } from "./backoff.ts";
import type { Client } from "./client.ts";
import type { InformerScope } from "./informer.ts";
import type { InformerCache } from "./informer-cache.ts";

export interface ReflectorOptions<T extends KubeObject> {
	readonly kind: Kind<T>;
	readonly scope: InformerScope;
	readonly cache: InformerCache<T>;
	readonly client: Client;
	readonly clock: Clock;
	readonly log: Logger;
	/** In [0, 1); jitter. */
	readonly random: () => number;
}

/** The server sends a bookmark about every minute; a watch silent for longer than two is taken for dead. */
const SILENCE = 150_000;
/** A watch that lived for so long was in order: the next one follows at once. */
const HEALTHY = 5_000;
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** Runs until the signal aborts; never rejects. */
export async function reflect<T extends KubeObject>(
	options: ReflectorOptions<T>,
	signal: AbortSignal,
): Promise<void> {
	const { kind, scope, cache, client, clock, random } = options;
	const log = options.log.child({ informer: kind.kind });
	const backoff = createBackoff({ base: 200, cap: 10_000, random });
	/** Revision up to which the cache is complete; absent when only a list can tell. */
	let position: string | undefined;
	let streaming = true;

	while (!signal.aborted) {
		const began = clock.now();
		let wait = true;
		try {
			if (position === undefined && !streaming) await list();
			await follow();
			wait = clock.now() - began < HEALTHY;
		} catch (error) {
			if (signal.aborted) return;
			wait = recover(error);
		}
		if (wait) await clock.sleep(backoff.next(), signal);
	}

	async function list() {
		const { items, metadata } = await client.list(kind, { ...scope, signal });
		if (!metadata.resourceVersion) throw new TypeError("a list without a resourceVersion");
		cache.replace(new Map(items.map((item) => [keyOf(item), deepFreeze(item)])));
		position = metadata.resourceVersion;
		backoff.reset();
	}

	/** Watches until the stream ends. Throws for whatever ends it early. */
	async function follow() {
		const watchdog = createWatchdog(clock, signal);
		let initial: Initial<T> | undefined = position === undefined ? new Map() : undefined;
		try {
			const events = await client.watch(kind, {
				...scope,
				resourceVersion: position,
				sendInitialEvents: initial !== undefined,
				timeoutSeconds: Math.floor(300 + 300 * random()),
				signal: watchdog.signal,
			});
			for await (const event of events) {
				watchdog.heard();
				initial = receive(event, initial);
			}
			if (watchdog.barked) throw new Silence();
		} finally {
			watchdog.stop();
		}
	}

	/** One event; the answer is the initial list while it is still incomplete. */
	function receive(event: WatchEvent<T>, initial: Initial<T> | undefined): Initial<T> | undefined {
		// An ERROR carries a Status instead of the object.
		if (event.type === "ERROR") throw new StatusError(event.object as unknown as Status);
		const metadata = event.object?.metadata;
		const revision = metadata?.resourceVersion;
		if (!revision) throw new TypeError(`${event.type} event without a resourceVersion`);

		if (event.type === "BOOKMARK") {
			if (!initial) {
				if (!isOlder(revision, position)) position = revision;
				return undefined;
			}
			if (metadata.annotations?.[INITIAL_EVENTS_END] !== "true") return initial;
			cache.replace(present(initial));
			position = revision;
			backoff.reset();
			return undefined;
		}

		const object = deepFreeze(event.object);
		if (initial) {
			const known = initial.get(keyOf(object))?.object.metadata.resourceVersion;
			if (!isOlder(revision, known))
				initial.set(keyOf(object), { object, deleted: event.type === "DELETED" });
			return initial;
		}
		// Delivered twice, perhaps after what followed it: an old state must not come back.
		if (isOlder(revision, position)) return undefined;
		if (event.type === "DELETED") cache.remove(object);
		else cache.put(object);
		position = revision;
		backoff.reset();
		return undefined;
	}

	/** What a failure means for the next attempt. Answers whether to wait before it. */
	function recover(error: unknown): boolean {
		if (
			error instanceof StatusError &&
			[400, 422].includes(error.code) &&
			position === undefined &&
			streaming
		) {
			log.debug({ err: error }, "the server does not stream lists");
			streaming = false;
			return false;
		}
		if (isExpired(error)) {
			log.debug({ revision: position }, "the revision is no longer in the server's history; listing again");
			const resumed = position !== undefined;
			position = undefined;
			// A list that is itself told "expired" must not spin.
			return !resumed;
		}
		if (error instanceof Silence) {
			log.warn({ milliseconds: SILENCE }, "the watch fell silent; watching again");
			// A server that does not know streaming lists ignores the question, and never ends the initial events.
			if (position === undefined) streaming = !streaming;
			return true;
		}
		// Refused for a reason that another try with the same revision cannot cure: a revision from the future (the server
		// was restored from a backup) is a Timeout, a revision it cannot read a BadRequest.
		if (error instanceof StatusError && [400, 422, 504].includes(error.code)) position = undefined;
		log.warn({ err: error }, "the watch failed; trying again");
		return true;
	}
}

/** What has been told of each object before the initial events end; deletions too, so that no old state follows them. */
type Initial<T> = Map<string, { readonly object: T; readonly deleted: boolean }>;

function present<T>(initial: Initial<T>): Map<string, T> {
	const objects = new Map<string, T>();
	for (const [key, { object, deleted }] of initial) if (!deleted) objects.set(key, object);
	return objects;
}

class Silence extends Error {
	override readonly name = "Silence";
}

/** A signal that aborts with the parent's, and by itself when `heard` has not been called for a while. */
function createWatchdog(clock: Clock, parent: AbortSignal) {
	const controller = new AbortController();
	const abort = () => controller.abort(parent.reason);
	if (parent.aborted) abort();
	else parent.addEventListener("abort", abort, { once: true });
	let last = clock.now();
	let barked = false;
	let cancel = clock.after(SILENCE, check);

	function check() {
		// Looked at only when the time is up: a timer for every event would cost more than the event.
		const left = last + SILENCE - clock.now();
		if (left > 0) {
			cancel = clock.after(left, check);
		} else {
			barked = true;
			controller.abort(new Silence());
		}
	}

	return {
		signal: controller.signal,
		heard: () => {
			last = clock.now();
		},
		get barked() {
			return barked;
		},
		stop: () => {
			cancel();
			parent.removeEventListener("abort", abort);
			// The stream is not ours any more, however the loop was left.
			controller.abort();
		},
	};
}

const DECIMAL = /^\d+$/;

/** Revisions are one growing sequence of decimal numbers; anything else cannot be compared and is never older. */
function isOlder(revision: string, than: string | undefined): boolean {
	if (than === undefined || !DECIMAL.test(revision) || !DECIMAL.test(than)) return false;
	return revision.length === than.length ? revision < than : revision.length < than.length;
}
