/**
 * The controller contract. A controller is level-triggered: it is told *which* object to look at, never what happened,
 * reads the present state from informers, and does the smallest thing that brings the world closer to the spec.
 */
import type { Clock, KubeObject, Logger } from "@berth/api";
import type { Change, Client, Informer, Informers } from "@berth/client";
import type { EventRecorder } from "./events.ts";

/** Nothing more to do until something changes, or look again after so many milliseconds. Failures are thrown. */
export type Settled = undefined | { readonly requeueAfter: number };

/** Changes of one informer turned into keys of the controller's queue. Made by `watch`. */
export interface Source {
	/** Subscribes; the answer unsubscribes. */
	attach(enqueue: (key: string) => void): () => void;
	/** Resolves once everything that exists has been enqueued; workers wait for it. */
	readonly synced: Promise<void>;
}

export interface Controller {
	readonly name: string;
	/** Keys worked on at the same time; one key is never worked on twice at once. Default 4. */
	readonly workers?: number;
	readonly sources: readonly Source[];
	reconcile(key: string, signal: AbortSignal): Promise<Settled>;
}

export interface ControllerEnvironment {
	readonly client: Client;
	readonly informers: Informers;
	readonly events: EventRecorder;
	readonly clock: Clock;
	readonly log: Logger;
}

export type ControllerFactory = (environment: ControllerEnvironment) => Controller;

/** `watch(pods, (change) => [ownerKey(change.object)])`. */
export function watch<T extends KubeObject>(
	informer: Informer<T>,
	keys: (change: Change<T>) => Iterable<string>,
): Source {
	return {
		attach: (enqueue) =>
			informer.subscribe((change) => {
				for (const key of keys(change)) enqueue(key);
			}),
		synced: informer.whenSynced,
	};
}
