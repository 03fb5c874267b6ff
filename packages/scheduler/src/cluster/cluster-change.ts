/** What can make a pod fit that did not: the words in which the cluster tells the queue, and plugins what wakes them. */
import { deepEqual, type Node } from "@berth/api";

export type ClusterChange =
	| "node-added"
	| "node-allocatable"
	| "node-labels"
	| "node-taints"
	| "node-schedulable"
	/** Deleted or finished: what it took is free, and it is nobody's neighbour any more. */
	| "pod-gone"
	/** A placed pod was resized, and takes less. */
	| "pod-shrunk"
	/** A placed pod is new, or has other labels: a neighbour for somebody. */
	| "pod-placed"
	| "namespace-labels"
	/** A claim, a volume or a class of storage. */
	| "storage";

/** How a node's new state may help waiting pods; heartbeats change nothing. */
export function nodeChanges(old: Node, node: Node): ClusterChange[] {
	const changes: ClusterChange[] = [];
	if (!deepEqual(old.status?.allocatable, node.status?.allocatable)) changes.push("node-allocatable");
	if (!deepEqual(old.metadata.labels, node.metadata.labels)) changes.push("node-labels");
	if (!deepEqual(old.spec.taints, node.spec.taints)) changes.push("node-taints");
	if (old.spec.unschedulable && !node.spec.unschedulable) changes.push("node-schedulable");
	return changes;
}
