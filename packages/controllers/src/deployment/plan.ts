/** The next steps of a deployment, decided from what is there. Pure; `controller.ts` carries them out. */
import { type Deployment, isPodTerminal, type Pod, type PodTemplateSpec, type ReplicaSet } from "@berth/api";
import { newestRevision, revisionOf } from "./revisions.ts";
import { growCurrent, type Sizes, scaleAll, shrinkOld, wasScaled } from "./sizes.ts";
import { sameTemplate } from "./template-hash.ts";

export interface Snapshot {
	readonly deployment: Deployment;
	/** Sets that the deployment owns. */
	readonly sets: readonly ReplicaSet[];
	/** Pods of those sets. */
	readonly pods: readonly Pod[];
}

export interface Plan {
	/** The set of the present template; undefined while there is none (and, when paused, none may be made). */
	readonly current: ReplicaSet | undefined;
	readonly old: readonly ReplicaSet[];
	/** Make the current set with this revision and size. */
	readonly create: { readonly revision: bigint; readonly replicas: number } | undefined;
	/** The current set comes (back) to this revision. */
	readonly revise: bigint | undefined;
	readonly resize: Sizes;
	readonly remove: readonly ReplicaSet[];
}

export function planDeployment(snapshot: Snapshot): Plan {
	const { deployment, sets, pods } = snapshot;
	const current = currentSet(deployment.spec.template, sets);
	const old = sets.filter((set) => set !== current);
	const nothing: Plan = {
		current,
		old,
		create: undefined,
		revise: undefined,
		resize: new Map(),
		remove: [],
	};
	if (deployment.metadata.deletionTimestamp) return nothing;
	if (deployment.spec.paused) {
		return { ...nothing, resize: scaleAll(deployment, sets), remove: expendable(deployment, old) };
	}
	if (wasScaled(deployment, sets)) return { ...nothing, resize: scaleAll(deployment, sets) };

	const revision = newestRevision(old) + 1n;
	const recreate = deployment.spec.strategy?.type === "Recreate";
	if (recreate && old.some((set) => (set.spec.replicas ?? 0) > 0)) {
		return { ...nothing, resize: new Map(old.filter(hasReplicas).map((set) => [set, 0])) };
	}
	if (recreate && old.some((set) => hasRunningPods(set, pods))) return nothing;
	if (!current) {
		return { ...nothing, create: { revision, replicas: growCurrent(deployment, 0, old) } };
	}

	const revise = revisionOf(current) < revision ? revision : undefined;
	const size = growCurrent(deployment, current.spec.replicas ?? 0, old);
	if (size !== current.spec.replicas) return { ...nothing, revise, resize: new Map([[current, size]]) };
	return {
		...nothing,
		revise,
		resize: shrinkOld(deployment, current, old),
		remove: isComplete(deployment) ? expendable(deployment, old) : [],
	};
}

/** Of several sets with the same template (an accident), the oldest is the current one. */
function currentSet(template: PodTemplateSpec, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
	return sets
		.filter((set) => sameTemplate(set.spec.template, template))
		.sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp))[0];
}

/** Every wanted pod is of the present template, there are no others, and all are available. */
export function isComplete(deployment: Deployment, status = deployment.status): boolean {
	const wanted = deployment.spec.replicas ?? 1;
	return (
		(status?.updatedReplicas ?? 0) === wanted &&
		(status?.replicas ?? 0) === wanted &&
		(status?.availableReplicas ?? 0) === wanted &&
		(status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
	);
}

/** Old, empty, settled sets beyond the history limit, oldest revision first. */
function expendable(deployment: Deployment, old: readonly ReplicaSet[]): readonly ReplicaSet[] {
	const surplus = old.length - (deployment.spec.revisionHistoryLimit ?? 10);
	if (surplus <= 0) return [];
	return old
		.filter(isSettledAtZero)
		.sort((a, b) => Number(revisionOf(a) - revisionOf(b)))
		.slice(0, surplus);
}

const hasReplicas = (set: ReplicaSet) => (set.spec.replicas ?? 0) > 0;
const isSettledAtZero = (set: ReplicaSet) =>
	!hasReplicas(set) &&
	(set.status?.replicas ?? 0) === 0 &&
	!set.metadata.deletionTimestamp &&
	(set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);

const hasRunningPods = (set: ReplicaSet, pods: readonly Pod[]) =>
	pods.some(
		(pod) =>
			!isPodTerminal(pod) &&
			pod.metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === set.metadata.uid),
	);
