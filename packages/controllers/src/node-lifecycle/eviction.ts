/** When a pod must leave a tainted node. Pure. */
import { type Node, type Pod, type Taint, tolerates } from "@berth/api";

/**
 * Milliseconds from `now` until the pod is to be evicted because of the node's NoExecute taints; 0 is now, undefined is
 * never. Of several limits the shortest counts, from when each taint was added: `since`, in milliseconds since the epoch.
 */
export function evictIn(
	pod: Pod,
	node: Node,
	now: number,
	since: (taint: Taint) => number,
): number | undefined {
	let soonest: number | undefined;
	for (const taint of node.spec.taints ?? []) {
		if (taint.effect !== "NoExecute") continue;
		const tolerations = (pod.spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
		if (tolerations.length === 0) return 0;
		const limits = tolerations.flatMap((toleration) => toleration.tolerationSeconds ?? []);
		if (limits.length === 0) continue;
		const wait = Math.max(0, since(taint) + Math.max(0, Math.min(...limits)) * 1000 - now);
		soonest = soonest === undefined ? wait : Math.min(soonest, wait);
	}
	return soonest;
}
