/** Whom a pod has to displace on one node: as few as will do, and the least important ones. Pure. */
import { type PodDisruptionBudget, parseTime } from "@berth/api";
import { type NodeInfo, sketchWithout } from "../cluster/node-info.ts";
import type { PodInfo } from "../cluster/pod-info.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import type { Finding, Suppositions } from "../judgement.ts";
import { againstBudgets } from "./budgets.ts";
import type { Candidate } from "./least-harm.ts";

export interface WhatIf {
	readonly pod: PodInfo;
	readonly snapshot: Snapshot;
	readonly budgets: readonly PodDisruptionBudget[];
	readonly now: number;
	readonly suppositions: Suppositions;
}

/** Where pods can be put back one by one, to see whether there is still room. */
interface Stage {
	place(pod: PodInfo): void;
	remove(pod: PodInfo): void;
	objection(): Finding | undefined;
}

/** Who of `lesser` must go so that the pod can run on the node, or why it would not do to take them all away. */
export function victimsOn(
	node: NodeInfo,
	lesser: readonly PodInfo[],
	whatIf: WhatIf,
): Candidate | { readonly reasons: readonly string[] } {
	const { snapshot, suppositions } = whatIf;
	const sketch = sketchWithout(node, lesser);
	const lacking = suppositions.here(sketch);
	if (lacking) return lacking.objection;
	if (!suppositions.looksAround && snapshot.nominatedOn(node.name).length === 0) {
		const stage: Stage = {
			place: (each) => sketch.add(each),
			remove: (each) => sketch.remove(each),
			objection: () => suppositions.here(sketch),
		};
		return choose(stage, node, lesser, whatIf);
	}
	return snapshot.suppose((world) => {
		for (const each of lesser) world.remove(each);
		const stage: Stage = {
			place: (each) => world.place(each, node.name),
			remove: (each) => world.remove(each),
			objection: () => suppositions.now(node),
		};
		return stage.objection()?.objection ?? choose(stage, node, lesser, whatIf);
	});
}

/**
 * All of `lesser` are gone; whom the pod leaves room for is given back: first those whose budget would be broken, and
 * among them the most important first. Who is left must go.
 */
function choose(
	stage: Stage,
	{ name }: NodeInfo,
	lesser: readonly PodInfo[],
	{ budgets, now }: WhatIf,
): Candidate {
	const { breaking, free } = againstBudgets(lesser.toSorted(byImportance(now)), budgets);
	const mustGo = (each: PodInfo) => {
		stage.place(each);
		if (!stage.objection()) return false;
		stage.remove(each);
		return true;
	};
	const broken = breaking.filter(mustGo);
	const others = free.filter(mustGo);
	return {
		node: name,
		victims: [...broken, ...others].sort(byImportance(now)),
		brokenBudgets: broken.length,
	};
}

/** When the pod began to run, in milliseconds since the epoch. */
export const startOf = ({ pod }: PodInfo, now: number): number =>
	pod.status?.startTime ? parseTime(pod.status.startTime) : now;

/** Higher priorities first, and then those that have run longest. */
export const byImportance = (now: number) => (a: PodInfo, b: PodInfo) =>
	b.priority - a.priority || startOf(a, now) - startOf(b, now);
