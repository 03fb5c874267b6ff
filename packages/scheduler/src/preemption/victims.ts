/** Whom a pod has to displace on one node: as few as will do, and the least important ones. Pure. */
import { type PodDisruptionBudget, parseTime } from "@berth/api";
import { type NodeInfo, withoutPods } from "../cluster/node-info.ts";
import type { PodInfo } from "../cluster/pod-info.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import type { Finding } from "../judgement.ts";
import { fitOf } from "../plugins/node-resources-fit.ts";
import { againstBudgets } from "./budgets.ts";
import type { Candidate } from "./least-harm.ts";

export interface WhatIf {
	readonly snapshot: Snapshot;
	readonly budgets: readonly PodDisruptionBudget[];
	readonly now: number;
	/** What keeps the pod off a node in the world as it is supposed at the time of asking. */
	readonly objectionTo: (node: NodeInfo) => Finding | undefined;
}

/** Reasons why it would not do to take all of `lesser` away, when plain sums tell so already. */
export const lackingWithout = (
	lesser: readonly PodInfo[],
	pod: PodInfo,
	node: NodeInfo,
): readonly string[] | undefined => fitOf(pod)(withoutPods(node, lesser))?.reasons;

/**
 * Takes all of `lesser` away, and gives back whom the pod leaves room for: first those whose budget would be broken, and
 * among them the most important first. Who is left must go.
 */
export function victimsOn(
	node: NodeInfo,
	lesser: readonly PodInfo[],
	{ snapshot, budgets, now, objectionTo }: WhatIf,
): Candidate | { readonly reasons: readonly string[] } {
	return snapshot.suppose((world) => {
		for (const each of lesser) world.remove(each);
		const inTheWay = objectionTo(node);
		if (inTheWay) return { reasons: inTheWay.objection.reasons };
		const { breaking, free } = againstBudgets(lesser.toSorted(byImportance(now)), budgets);
		const stays = (each: PodInfo) => {
			world.place(each, node.name);
			if (!objectionTo(node)) return true;
			world.remove(each);
			return false;
		};
		const broken = breaking.filter((each) => !stays(each));
		const others = free.filter((each) => !stays(each));
		return {
			node: node.name,
			victims: [...broken, ...others].sort(byImportance(now)),
			brokenBudgets: broken.length,
		};
	});
}

/** When the pod began to run, in milliseconds since the epoch. */
export const startOf = ({ pod }: PodInfo, now: number): number =>
	pod.status?.startTime ? parseTime(pod.status.startTime) : now;

/** Higher priorities first, and then those that have run longest. */
export const byImportance = (now: number) => (a: PodInfo, b: PodInfo) =>
	b.priority - a.priority || startOf(a, now) - startOf(b, now);
