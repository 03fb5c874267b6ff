/** The cluster as one decision sees it. It is the live state, seen through a door that only reads: a decision is one turn. */
import type { Labels } from "@berth/api";
import type { StatedTerm } from "./affinity-table.ts";
import type { NodeInfo } from "./node-info.ts";
import type { CountQuery, Counts } from "./pod-counts.ts";
import type { AffinityTerm, PodInfo } from "./pod-info.ts";
import type { Storage } from "./storage.ts";

export interface Snapshot {
	/** Every node there is. */
	readonly nodes: readonly NodeInfo[];
	node(name: string): NodeInfo | undefined;
	/** Placed pods that match, by node. */
	counts(query: CountQuery): Counts;
	/** Placed pods of one owner, by node. */
	siblings(owner: string): Counts;
	readonly stated: Iterable<StatedTerm>;
	namespaceLabels(namespace: string): Labels;
	/** The namespaces a term speaks of, sorted; undefined for all. */
	namespacesOf(term: AffinityTerm): readonly string[] | undefined;
	readonly storage: Storage;
	/** Nodes that have the image. */
	nodesWithImage(name: string): number;
	/** Whether a placed pod uses the claim of this key. */
	isClaimUsed(key: string): boolean;
	/** Pods that wait for room that is being made for them on this node. */
	nominatedOn(node: string): readonly PodInfo[];
	/** The node on which room is being made for the pod of this key. */
	nominationOf(key: string): string | undefined;
	/** Whether a pod that is placed has a lower priority. */
	hasLessThan(priority: number): boolean;
	/** What would be if: `ask` may place and remove pods, and when it has answered everything is as before. */
	suppose<T>(ask: (world: Supposition) => T): T;
}

export interface Supposition {
	/** `pod` must not be placed anywhere yet. */
	place(pod: PodInfo, node: string): void;
	/** `pod` must be placed. */
	remove(pod: PodInfo): void;
}
