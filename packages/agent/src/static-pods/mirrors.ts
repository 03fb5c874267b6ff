/**
 * Keeps in the API one mirror of each static pod, with the pod's status, so that it can be seen there. A mirror that is
 * deleted comes back, one whose pod is gone goes, and neither touches the pod.
 */
import { type Clock, isAlreadyExists, isNotFound, keyOf, type Logger, type Node, Pod } from "@berth/api";
import type { Client, Informer } from "@berth/client";
import { statusPatch } from "../pods/status-writer.ts";
import { isMirror, ORIGIN } from "./origin.ts";
import { mirrorOf } from "./static-pod.ts";

export interface Mirrors {
	/** Something has changed here or in the API. */
	wake(): void;
	/** Runs until the signal aborts. */
	run(signal: AbortSignal): Promise<void>;
}

export interface MirrorsOptions {
	readonly client: Client;
	/** The pods that the API has on this node. */
	readonly informer: Informer<Pod>;
	/** This host's node as the API has it. */
	readonly node: () => Node | undefined;
	/** The static pods that are here, with their status; undefined until that is known. */
	readonly pods: () => readonly Pod[] | undefined;
	readonly clock: Clock;
	readonly log: Logger;
}

const LOOK_EVERY = 20_000;

export function createMirrors(options: MirrorsOptions): Mirrors {
	const { client, informer, node, clock, log } = options;
	let wake = () => {};

	async function turn(): Promise<void> {
		const owner = node();
		const pods = options.pods();
		if (!owner || !pods || !informer.synced) return;
		const wanted = new Set(pods.map(keyOf));
		for (const mirror of informer.list()) {
			if (isMirror(mirror) && !wanted.has(keyOf(mirror))) await attempt(mirror, () => drop(mirror));
		}
		for (const pod of pods) await attempt(pod, () => keep(pod, owner));
	}

	async function attempt(pod: Pod, work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			log.warn({ error, pod: keyOf(pod) }, "the API does not show a static pod as it is");
		}
	}

	async function keep(pod: Pod, owner: Node): Promise<void> {
		const mirror = informer.get(keyOf(pod));
		if (!mirror) {
			await client.create(Pod, mirrorOf(pod, owner)).catch((error: unknown) => {
				if (!isAlreadyExists(error)) throw error;
			});
			return;
		}
		if (!isMirror(mirror)) throw new Error("the API has another pod of its name");
		const { annotations, deletionTimestamp } = mirror.metadata;
		const isStale = annotations?.[ORIGIN.mirror] !== pod.metadata.uid;
		if (isStale || deletionTimestamp !== undefined) return drop(mirror);
		const status = statusPatch(mirror.status ?? {}, pod.status ?? {});
		if (!status) return;
		// The mirror has a uid of its own: this is the one that the status is meant for.
		const { namespace, name, uid } = mirror.metadata;
		const body = { metadata: { uid }, status };
		await client.patch(Pod, { namespace, name }, body, { type: "strategic", subresource: "status" });
	}

	async function drop({ metadata }: Pod): Promise<void> {
		const { namespace, name, uid } = metadata;
		const now = { gracePeriodSeconds: 0, preconditions: { uid } };
		await client.delete(Pod, { namespace, name }, now).catch((error: unknown) => {
			if (!isNotFound(error)) throw error;
		});
	}

	return {
		wake: () => wake(),
		async run(signal) {
			const unsubscribe = informer.subscribe(
				({ object }) => {
					// Most pods are none of ours, and are many.
					if (isMirror(object)) wake();
				},
				{ replay: false },
			);
			void informer.whenSynced.then(() => wake());
			try {
				while (!signal.aborted) {
					const woken = new AbortController();
					wake = () => woken.abort();
					await turn();
					await clock.sleep(LOOK_EVERY, AbortSignal.any([signal, woken.signal]));
				}
			} finally {
				unsubscribe();
			}
		},
	};
}
