/**
 * How many pods each ReplicaSet of a deployment should have next. Pure: every function answers a map from set to new
 * size, holding changed sets only.
 */
import type { Deployment, ReplicaSet } from "@berth/api";
import { budgetOf } from "./budget.ts";
import { desiredReplicas } from "./revisions.ts";

export type Sizes = ReadonlyMap<ReplicaSet, number>;

const sizeOf = (set: ReplicaSet) => set.spec.replicas ?? 0;
/** A set that has just shrunk may still report pods that are on their way out. */
const availableOf = (set: ReplicaSet) => Math.min(sizeOf(set), set.status?.availableReplicas ?? 0);
const total = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number) =>
	sets.reduce((sum, set) => sum + count(set), 0);
const byAge = (a: ReplicaSet, b: ReplicaSet) =>
	a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
	a.metadata.name.localeCompare(b.metadata.name);

/** The current set, of `size` pods now, grows as far as the surge allows. With "Recreate" nothing is in its way. */
export function growCurrent(deployment: Deployment, size: number, old: readonly ReplicaSet[]): number {
	const wanted = deployment.spec.replicas ?? 1;
	if (size > wanted || deployment.spec.strategy?.type === "Recreate") return wanted;
	const room = wanted + budgetOf(deployment).surge - total(old, sizeOf) - size;
	return size + Math.max(0, Math.min(room, wanted - size));
}

/** Old sets shrink as far as enough pods stay available; pods that are not available anyway go first. */
export function shrinkOld(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): Sizes {
	const sizes = new Map<ReplicaSet, number>();
	const all = [...old, current];
	const wanted = deployment.spec.replicas ?? 1;
	const minimum = wanted - budgetOf(deployment).unavailable;
	const currentMissing = sizeOf(current) - availableOf(current);
	let spare = total(all, sizeOf) - minimum - currentMissing;
	const running = old.filter((set) => sizeOf(set) > 0).sort(byAge);
	for (const set of running) {
		const broken = Math.max(0, Math.min(sizeOf(set) - availableOf(set), spare));
		if (broken === 0) continue;
		sizes.set(set, sizeOf(set) - broken);
		spare -= broken;
	}
	let removable = total(all, availableOf) - minimum;
	for (const set of running) {
		const size = sizes.get(set) ?? sizeOf(set);
		const removed = Math.max(0, Math.min(size, removable));
		if (removed === 0) continue;
		sizes.set(set, size - removed);
		removable -= removed;
	}
	return sizes;
}

/** Did somebody scale the deployment since its sets were last sized? */
export const wasScaled = (deployment: Deployment, sets: readonly ReplicaSet[]): boolean =>
	sets.some((set) => {
		const desired = desiredReplicas(set);
		return sizeOf(set) > 0 && desired !== undefined && desired !== (deployment.spec.replicas ?? 1);
	});

/**
 * Scaling in the middle of a rollout (or while paused) keeps the proportions of the sets; what rounding leaves goes to
 * the largest, and on to the next where it has no more to give. With one set left it simply gets the wanted size.
 */
export function scaleAll(deployment: Deployment, sets: readonly ReplicaSet[]): Sizes {
	const wanted = deployment.spec.replicas ?? 1;
	const active = sets.filter((set) => sizeOf(set) > 0);
	if (active.length <= 1) {
		const only = active[0] ?? sets.toSorted(byAge).at(-1);
		return only && sizeOf(only) !== wanted ? new Map([[only, wanted]]) : new Map();
	}
	const allowed = wanted > 0 ? wanted + budgetOf(deployment).surge : 0;
	const present = total(active, sizeOf);
	let left = allowed - present;
	// Growing favours newer sets, shrinking older ones, where sizes are equal.
	const order = active.toSorted((a, b) => sizeOf(b) - sizeOf(a) || (left > 0 ? byAge(b, a) : byAge(a, b)));
	const sizes = new Map<ReplicaSet, number>();
	for (const set of order) {
		const exact = (sizeOf(set) * allowed) / present;
		const change = Math.round(exact) - sizeOf(set);
		const bounded = left > 0 ? Math.max(0, Math.min(change, left)) : Math.min(0, Math.max(change, left));
		sizes.set(set, Math.max(0, sizeOf(set) + bounded));
		left -= bounded;
	}
	for (const set of order) {
		const size = sizes.get(set)!;
		const taken = Math.max(-size, left);
		sizes.set(set, size + taken);
		left -= taken;
	}
	for (const [set, size] of sizes) if (size === sizeOf(set)) sizes.delete(set);
	return sizes;
}
