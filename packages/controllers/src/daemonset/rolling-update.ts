/** Replaces daemon pods of old templates within the set's budget. Pure. */
import type { DaemonSet, Pod } from "@berth/api";
import { amountOf } from "../pods/amount.ts";
import { availableIn } from "../pods/availability.ts";
import { REVISION_HASH } from "./daemon-pod.ts";

export interface Budget {
	/** Nodes that may have the old and the new pod. */
	readonly surge: number;
	/** Nodes that may be without an available pod. */
	readonly unavailable: number;
}

/** `wanted` is the number of nodes that should run the pod. Shares are rounded up; never are both zero. */
export function budgetOf({ spec }: DaemonSet, wanted: number): Budget {
	const { maxSurge, maxUnavailable } = spec.updateStrategy?.rollingUpdate ?? {};
	if (spec.updateStrategy?.type === "OnDelete") return { surge: 0, unavailable: 0 };
	const surge = amountOf(maxSurge ?? 0, wanted);
	const unavailable = amountOf(maxUnavailable ?? 1, wanted);
	return { surge, unavailable: surge === 0 ? Math.max(1, unavailable) : unavailable };
}

export interface Rollout {
	readonly set: DaemonSet;
	readonly hash: string;
	readonly now: number;
	readonly budget: Budget;
	/** Every node that should have a pod, and every node that has. */
	readonly byNode: ReadonlyMap<string, readonly Pod[]>;
}

export interface Step {
	readonly create: readonly string[];
	readonly remove: readonly Pod[];
}

export const rollOut = (rollout: Rollout): Step =>
	rollout.budget.surge > 0 ? withSurge(rollout) : withoutSurge(rollout);

/** Old pods that do not serve go at once; those that do, as far as enough nodes stay served. */
function withoutSurge({ set, hash, now, budget, byNode }: Rollout): Step {
	let unavailable = 0;
	const broken: Pod[] = [];
	const serving: Pod[] = [];
	for (const pods of byNode.values()) {
		const { newPod, oldPod, isClear } = generations(pods, hash);
		if (!isClear || (newPod && oldPod) || !(newPod || oldPod)) unavailable += 1;
		else if (newPod) unavailable += isAvailable(set, newPod, now) ? 0 : 1;
		else if (oldPod) {
			if (isAvailable(set, oldPod, now)) serving.push(oldPod);
			else {
				broken.push(oldPod);
				unavailable += 1;
			}
		}
	}
	const room = Math.max(0, budget.unavailable - unavailable);
	return { create: [], remove: [...broken, ...serving.slice(0, room)] };
}

/** New pods come beside the old ones, which go when the new ones serve. Nodes whose old pod does not serve are free. */
function withSurge({ set, hash, now, budget, byNode }: Rollout): Step {
	let surging = 0;
	const free: string[] = [];
	const candidates: string[] = [];
	const remove: Pod[] = [];
	for (const [node, pods] of byNode) {
		const { newPod, oldPod, isClear } = generations(pods, hash);
		if (!isClear) surging += 1;
		else if (!oldPod) continue;
		else if (!newPod) (isAvailable(set, oldPod, now) ? candidates : free).push(node);
		else if (isAvailable(set, newPod, now)) remove.push(oldPod);
		else surging += 1;
	}
	return { create: [...free, ...candidates.slice(0, Math.max(0, budget.surge - surging))], remove };
}

/** A node is clear when it has one pod of each kind at most; what is too much is for the placement to mend. */
function generations(pods: readonly Pod[], hash: string) {
	const present = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
	const [newPods, oldPods] = [true, false].map((isNew) =>
		present.filter((pod) => (pod.metadata.labels?.[REVISION_HASH] === hash) === isNew),
	) as [Pod[], Pod[]];
	return {
		newPod: newPods[0],
		oldPod: oldPods[0],
		isClear: newPods.length <= 1 && oldPods.length <= 1,
	};
}

const isAvailable = (set: DaemonSet, pod: Pod, now: number): boolean =>
	availableIn(pod, set.spec.minReadySeconds ?? 0, now) === 0;
