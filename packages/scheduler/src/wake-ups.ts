/**
 * Changes come in bursts: a node drained is a hundred pods gone. Sleeping pods are asked once for each node and kind of
 * change when the burst is over, not once for each event.
 */
import type { ClusterChange } from "./cluster/cluster-change.ts";
import type { Snapshot } from "./cluster/snapshot.ts";
import type { SchedulingQueue } from "./queue.ts";
import { refuserOn } from "./schedule.ts";

export interface WakeUps {
	/** `node` is where it happened; absent when it concerns all of them. */
	note(change: ClusterChange, node?: string): void;
}

/** `later` runs a callback once the events at hand have been taken in. */
export function createWakeUps(
	queue: SchedulingQueue,
	snapshot: Snapshot,
	later: (callback: () => void) => void,
): WakeUps {
	const noted = new Map<ClusterChange, Set<string | undefined>>();

	function flush() {
		const changes = [...noted];
		noted.clear();
		for (const [change, nodes] of changes) {
			for (const node of nodes)
				queue.wake(change, node === undefined ? undefined : refuserOn(node, snapshot));
		}
	}

	return {
		note: (change, node) => {
			if (noted.size === 0) later(flush);
			noted.set(change, (noted.get(change) ?? new Set()).add(node));
		},
	};
}
