/** Which pods go first when there are too many: the least useful ones. Pure. */
import { isPodReady, type Pod, parseTime, podCondition } from "@berth/api";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The `count` pods to delete. Preferred, in this order: not assigned to a node; pending before running; not ready; lower
 * deletion cost; on a node that has more of these pods; ready for a shorter time; more restarts; younger.
 */
export function victims(pods: readonly Pod[], count: number): readonly Pod[] {
	if (count >= pods.length) return pods;
	const perNode = Map.groupBy(pods, (pod) => pod.spec.nodeName ?? "");
	const neighbours = (pod: Pod) => perNode.get(pod.spec.nodeName ?? "")?.length ?? 0;
	const ranks: readonly ((pod: Pod) => number)[] = [
		(pod) => (pod.spec.nodeName ? 1 : 0),
		(pod) => PHASE_RANK[pod.status?.phase ?? ""] ?? 1,
		(pod) => (isPodReady(pod) ? 1 : 0),
		deletionCost,
		(pod) => -neighbours(pod),
		(pod) => (isPodReady(pod) ? -readySince(pod) : 0),
		(pod) => -restarts(pod),
		(pod) => -parseTime(pod.metadata.creationTimestamp),
	];
	const compare = (a: Pod, b: Pod) => {
		for (const rank of ranks) {
			const difference = rank(a) - rank(b);
			if (difference) return difference;
		}
		return a.metadata.name < b.metadata.name ? -1 : 1;
	};
	return pods.toSorted(compare).slice(0, count);
}

function deletionCost(pod: Pod): number {
	const text = pod.metadata.annotations?.[DELETION_COST];
	return text !== undefined && /^(0|[+-]?[1-9]\d{0,9})$/.test(text) ? Number(text) : 0;
}

const readySince = (pod: Pod) => {
	const since = podCondition(pod, "Ready")?.lastTransitionTime;
	return since ? parseTime(since) : 0;
};

const restarts = (pod: Pod) =>
	Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));
