/**
 * A plugin is one file with one idea: what makes a node impossible for a pod (a filter), or better than another (a score).
 * `plugins.ts` lists them in order.
 */
import type { ClusterChange } from "./cluster/cluster-change.ts";
import type { NodeInfo } from "./cluster/node-info.ts";
import type { PodInfo } from "./cluster/pod-info.ts";
import type { Snapshot } from "./cluster/snapshot.ts";

/** Why a pod cannot run on a node, or anywhere, as Kubernetes words it. */
export interface Objection {
	readonly reasons: readonly string[];
	/** It stands even if every other pod left: evicting some would be in vain. */
	readonly isLasting: boolean;
}

/** Undefined when the pod can run on the node. */
export type Judge = (node: NodeInfo) => Objection | undefined;

export interface FilterPlugin {
	readonly name: string;
	/** After which of these a pod this plugin refused is worth another try. A new node always is. */
	readonly wakes: readonly ClusterChange[];
	/** It weighs nodes against each other: a change on one of them may open another. */
	readonly looksAround?: boolean;
	/**
	 * Looks at the pod once. Undefined: the plugin has nothing to say about this pod; an objection: it can run nowhere, and
	 * no node need be asked.
	 */
	filter(pod: PodInfo, snapshot: Snapshot): Judge | Objection | undefined;
}

export interface ScorePlugin {
	readonly name: string;
	/** Times the score counts. */
	readonly weight: number;
	/** 0 (worst) to 100 for each of `nodes`, all of which can run the pod. Undefined: nothing to say about this pod. */
	score(pod: PodInfo, snapshot: Snapshot, nodes: readonly NodeInfo[]): readonly number[] | undefined;
}

/** An objection that goes with the pods that cause it. */
export const objection = (...reasons: string[]): Objection => ({ reasons, isLasting: false });

/** An objection that no eviction takes away. */
export const lasting = (...reasons: string[]): Objection => ({ reasons, isLasting: true });

/** Scales scores so that the best is 100; all alike say nothing. */
export function scaled(scores: readonly number[]): readonly number[] | undefined {
	const most = Math.max(...scores);
	const least = Math.min(...scores);
	if (most === least) return undefined;
	return scores.map((score) => (100 * (score - least)) / (most - least));
}
