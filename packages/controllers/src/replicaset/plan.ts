/** What a ReplicaSet, or a ReplicationController, needs: so many pods more or fewer, and the status to report. Pure. */
import {
	formatTime,
	isPodReady,
	isPodTerminal,
	type KubeObject,
	type Pod,
	type PodTemplateSpec,
	type ReplicaSetCondition,
	type ReplicaSetStatus,
	selectorOfMap,
} from "@berth/api";
import { availableIn } from "../pods/availability.ts";
import { victims } from "./victims.ts";

/** Pods created or deleted in one go at most; the rest follows at once, with the queue in between. */
export const BURST = 500;

/** What keeps so many copies of a pod. */
export interface Replicated extends KubeObject {
	readonly spec: {
		readonly replicas?: number | undefined;
		readonly minReadySeconds?: number | undefined;
		readonly template?: PodTemplateSpec | undefined;
	};
	readonly status?: { readonly conditions?: readonly ReplicaSetCondition[] | undefined } | undefined;
}

export interface ReplicaPlan {
	readonly create: number;
	readonly remove: readonly Pod[];
	/** Milliseconds until a ready pod becomes available. */
	readonly lookAgainIn: number | undefined;
}

/** Neither finished nor on its way out: what counts as a replica. */
const isActive = (pod: Pod): boolean => !isPodTerminal(pod) && !pod.metadata.deletionTimestamp;

export function planReplicas(set: Replicated, owned: readonly Pod[], now: number): ReplicaPlan {
	const active = owned.filter(isActive);
	const wanted = set.spec.replicas ?? 1;
	const surplus = active.length - wanted;
	const minReadySeconds = set.spec.minReadySeconds ?? 0;
	const waits = active
		.map((pod) => availableIn(pod, minReadySeconds, now))
		.filter((wait): wait is number => wait !== undefined && wait > 0);
	const going = set.metadata.deletionTimestamp !== undefined;
	return {
		create: going ? 0 : Math.min(BURST, Math.max(0, -surplus)),
		remove: going || surplus <= 0 ? [] : victims(active, Math.min(BURST, surplus)),
		lookAgainIn: waits.length ? Math.min(...waits) : undefined,
	};
}

/** `failure` is why the last attempt to create or delete pods failed. */
export function replicaSetStatus(
	set: Replicated,
	owned: readonly Pod[],
	now: number,
	failure?: { readonly reason: "FailedCreate" | "FailedDelete"; readonly message: string },
): ReplicaSetStatus {
	const active = owned.filter(isActive);
	const template = selectorOfMap(set.spec.template?.metadata?.labels ?? {});
	const available = active.filter((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0, now) === 0);
	const conditions = conditionsOf(set, now, failure);
	const counts = {
		fullyLabeledReplicas: active.filter((pod) => template.matches(pod.metadata.labels)).length,
		readyReplicas: active.filter(isPodReady).length,
		availableReplicas: available.length,
	};
	return {
		replicas: active.length,
		// Counters that are zero are absent once stored.
		...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
		terminatingReplicas: owned.filter((pod) => pod.metadata.deletionTimestamp && !isPodTerminal(pod)).length,
		...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
		...(conditions.length ? { conditions } : {}),
	};
}

function conditionsOf(
	set: Replicated,
	now: number,
	failure: { readonly reason: string; readonly message: string } | undefined,
): readonly ReplicaSetCondition[] {
	const others = (set.status?.conditions ?? []).filter((condition) => condition.type !== "ReplicaFailure");
	if (!failure) return others;
	const old = set.status?.conditions?.find((condition) => condition.type === "ReplicaFailure");
	// Messages name the pod that could not be made, another one each time: the first one stands for all.
	if (old?.status === "True" && old.reason === failure.reason) return [...others, old];
	const { reason, message } = failure;
	return [
		...others,
		{ type: "ReplicaFailure", status: "True", lastTransitionTime: formatTime(now), reason, message },
	];
}
