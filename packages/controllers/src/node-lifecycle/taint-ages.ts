/** Since when a taint keeps pods out. Most say so themselves; `kubectl taint` does not, and then it counts from first sight. */
import { type Node, parseTime, type Taint } from "@berth/api";

export interface TaintAges {
	/** Takes note of the node's taints; those that are gone are forgotten. `now` in milliseconds since the epoch. */
	see(node: Node, now: number): void;
	forget(node: string): void;
	/** When each taint of the node was added, in milliseconds since the epoch. */
	of(node: Node, now: number): (taint: Taint) => number;
}

export function createTaintAges(): TaintAges {
	const firstSeen = new Map<string, ReadonlyMap<string, number>>();

	function see({ metadata, spec }: Node, now: number): void {
		const known = firstSeen.get(metadata.name);
		const taints = (spec.taints ?? []).filter(({ effect }) => effect === "NoExecute");
		if (taints.length === 0) firstSeen.delete(metadata.name);
		else
			firstSeen.set(
				metadata.name,
				new Map(taints.map((taint) => [idOf(taint), known?.get(idOf(taint)) ?? now])),
			);
	}

	return {
		see,
		forget: (node) => {
			firstSeen.delete(node);
		},
		of: (node, now) => (taint) =>
			taint.timeAdded
				? parseTime(taint.timeAdded)
				: (firstSeen.get(node.metadata.name)?.get(idOf(taint)) ?? now),
	};
}

const idOf = ({ key, value = "" }: Taint) => `${key}=${value}`;
