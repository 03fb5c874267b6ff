/** The cluster as one decision sees it. It is the live state, seen through a door that only reads: a decision is one turn. */
import type { Labels } from "@berth/api";
import type { StatedTerm } from "./affinity-table.ts";
import type { NodeInfo } from "./node-info.ts";
import type { CountQuery, Counts } from "./pod-counts.ts";
import type { AffinityTerm } from "./pod-info.ts";

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
}
