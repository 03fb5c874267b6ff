/** How many pods of a stateful set there are, and how far its rollout is. Pure. */
import type { Pod, StatefulSet, StatefulSetStatus } from "@berth/api";
import { isAvailable, isGoing, isRunningAndReady } from "./plan.ts";
import { revisionOf } from "./stateful-pod.ts";

export interface Counted {
	readonly set: StatefulSet;
	readonly pods: readonly Pod[];
	/** Names of the revisions before the rollout and after it. */
	readonly currentRevision: string;
	readonly updateRevision: string;
	readonly now: number;
	/** Names of revisions that were taken. */
	readonly collisions: number;
}

export function statefulSetStatus(counted: Counted): StatefulSetStatus {
	const { set, pods, updateRevision, now } = counted;
	const remaining = pods.filter((pod) => !isGoing(pod));
	const updated = remaining.filter((pod) => revisionOf(pod) === updateRevision).length;
	const ready = pods.filter(isRunningAndReady);
	const wanted = set.spec.replicas ?? 1;
	const isDone =
		set.spec.updateStrategy?.type !== "OnDelete" &&
		[pods.length, ready.length, updated].every((count) => count === wanted);
	// A rollout that is complete makes its revision the current one.
	const currentRevision = isDone ? updateRevision : counted.currentRevision;
	const counters = {
		readyReplicas: ready.length,
		currentReplicas: remaining.filter((pod) => revisionOf(pod) === currentRevision).length,
		updatedReplicas: updated,
	};
	const { conditions } = set.status ?? {};
	return {
		replicas: pods.length,
		// Counters that are zero are absent once stored.
		...Object.fromEntries(Object.entries(counters).filter(([, count]) => count !== 0)),
		availableReplicas: ready.filter((pod) => isAvailable(set, pod, now)).length,
		currentRevision,
		updateRevision,
		collisionCount: counted.collisions,
		...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
		...(conditions ? { conditions } : {}),
	};
}
