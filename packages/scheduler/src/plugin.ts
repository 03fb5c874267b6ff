/**
 * A plugin is one file with one idea: what makes a node impossible for a pod (a filter), or better than another (a score).
 * `plugins.ts` lists them in order.
 */
import type { ClusterChange } from "./cluster/cluster-change.ts";
import type { NodeInfo } from "./cluster/node-info.ts";
import type { PodInfo } from "./cluster/pod-info.ts";
import type { Snapshot } from "./cluster/snapshot.ts";

/** Why the pod cannot run on the node, as Kubernetes words it; undefined when it can. */
export type Judge = (node: NodeInfo) => string | readonly string[] | undefined;

export interface FilterPlugin {
	readonly name: string;
	/** After which of these a pod this plugin refused is worth another try. A new node always is. */
	readonly wakes: readonly ClusterChange[];
	/** It weighs nodes against each other: a change on one of them may open another. */
	readonly looksAround?: boolean;
	/** Looks at the pod once. Undefined: the plugin has nothing to say about this pod. */
	filter(pod: PodInfo, snapshot: Snapshot): Judge | undefined;
}

export interface ScorePlugin {
	readonly name: string;
	/** Times the score counts. */
	readonly weight: number;
	/** 0 (worst) to 100 for each of `nodes`, all of which can run the pod. Undefined: nothing to say about this pod. */
	score(pod: PodInfo, snapshot: Snapshot, nodes: readonly NodeInfo[]): readonly number[] | undefined;
}

/** Scales scores so that the best is 100; all alike say nothing. */
export function scaled(scores: readonly number[]): readonly number[] | undefined {
	const most = Math.max(...scores);
	const least = Math.min(...scores);
	if (most === least) return undefined;
	return scores.map((score) => (100 * (score - least)) / (most - least));
}
