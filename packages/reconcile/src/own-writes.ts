/**
 * Reading one's own writes. A controller that has just created three pods must not be asked again before its informer
 * shows them, or it creates three more. The worker of the key waits here; everybody else goes on.
 */
import { type Clock, type KubeObject, keyOf } from "@berth/api";
import type { Informer } from "@berth/client";

/** An informer that has missed an object for so long has relisted past it, or the object is already gone. */
const GIVE_UP = 5_000;

export interface OwnWrites<T extends KubeObject> {
	readonly informer: Informer<T>;
	/** Key of each object written, and how to tell that the informer shows the write. */
	readonly written: ReadonlyMap<string, (object: NoInfer<T> | undefined) => boolean>;
	readonly clock: Clock;
	readonly signal: AbortSignal;
}

/** Resolves when the informer shows every write, after a few seconds at the latest. */
export async function ownWritesSeen<T extends KubeObject>(writes: OwnWrites<T>): Promise<void> {
	const { informer, written, clock, signal } = writes;
	const missing = () => [...written].some(([key, seen]) => !seen(informer.get(key)));
	if (!missing()) return;
	const stop = new AbortController();
	const either = AbortSignal.any([signal, stop.signal]);
	const unsubscribe = informer.subscribe(
		(change) => {
			if (written.has(keyOf(change.object)) && !missing()) stop.abort();
		},
		{ replay: false },
	);
	try {
		await clock.sleep(GIVE_UP, either);
	} finally {
		unsubscribe();
	}
}

/** The write was a creation: shown as soon as the informer has the object with this uid. */
export const created = (object: KubeObject) => (seen: KubeObject | undefined) =>
	seen?.metadata.uid === object.metadata.uid;

/** The write was an update: shown at its resourceVersion or a later one (revisions are one growing sequence). */
export const updated = (object: KubeObject) => (seen: KubeObject | undefined) =>
	!seen || BigInt(seen.metadata.resourceVersion) >= BigInt(object.metadata.resourceVersion);

/** The write was a deletion: shown when the object is gone, replaced, or marked. */
export const deleted = (object: KubeObject) => (seen: KubeObject | undefined) =>
	seen?.metadata.uid !== object.metadata.uid || seen.metadata.deletionTimestamp !== undefined;
