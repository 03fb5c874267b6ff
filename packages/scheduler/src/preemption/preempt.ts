/**
 * Which pods of lower priority should go so that this one can run, and where. Pure.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
import { DISRUPTION_TARGET, type PodDisruptionBudget, podCondition } from "@berth/api";
import type { NodeInfo } from "../cluster/node-info.ts";
import type { PodInfo } from "../cluster/pod-info.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import { judgeSuppositions } from "../judgement.ts";
import { FILTERS } from "../plugins.ts";
import { type Refusal, reasonsOf } from "../schedule.ts";
import { type Candidate, leastHarm } from "./least-harm.ts";
import { victimsOn, type WhatIf } from "./victims.ts";

export interface PreemptionQuestion {
	readonly pod: PodInfo;
	/** Why the pod has no node. */
	readonly refusal: Refusal;
	readonly snapshot: Snapshot;
	readonly budgets: readonly PodDisruptionBudget[];
	/** In [0, 1): where to begin in a cluster too large to look at every node. */
	readonly random: () => number;
	/** Milliseconds since the epoch: pods that have not started are taken to start now. */
	readonly now: number;
}

export type Preemption =
	| { readonly node: string; readonly victims: readonly PodInfo[] }
	| {
			readonly node?: undefined;
			/** Why nobody goes, as Kubernetes words it. */
			readonly message: string;
			/** Nothing will become of the node that was nominated. */
			readonly isOver: boolean;
	  };

/** Candidates that are enough to choose from: this many, or this share of the nodes if that is more. */
const ENOUGH = 100;
const ENOUGH_SHARE = 0.1;

const NO_VICTIMS = "No preemption victims found for incoming pod";
const NO_HELP = "Preemption is not helpful for scheduling";

export function preempt(question: PreemptionQuestion): Preemption {
	const { pod, refusal, snapshot, random } = question;
	const ineligible = whyIneligible(question);
	if (ineligible) return { message: ineligible, isOver: false };

	const reasons = new Map<string, number>();
	const count = (reason: string, times = 1) => reasons.set(reason, (reasons.get(reason) ?? 0) + times);
	const hopeless = refusal.nodes - refusal.mendable.length;
	if (hopeless > 0) count(NO_HELP, hopeless);

	const candidates: Candidate[] = [];
	if (snapshot.hasLessThan(pod.priority)) {
		const enough = Math.max(ENOUGH, refusal.nodes * ENOUGH_SHARE);
		const whatIf = { ...question, suppositions: judgeSuppositions(pod, snapshot, FILTERS) };
		for (const node of from(refusal.mendable, random)) {
			const found = candidateOn(node, whatIf);
			if ("victims" in found) candidates.push(found);
			else for (const reason of found.reasons) count(reason);
			if (candidates.length >= enough) break;
		}
	} else if (refusal.mendable.length > 0) {
		count(NO_VICTIMS, refusal.mendable.length);
	}
	const chosen = leastHarm(candidates, question.now);
	if (chosen) return { node: chosen.node, victims: chosen.victims };
	return { message: reasonsOf({ nodes: refusal.nodes, reasons }), isOver: true };
}

function candidateOn(node: NodeInfo, whatIf: WhatIf): Candidate | { readonly reasons: readonly string[] } {
	const lesser = [...node.pods.values()].filter(({ priority }) => priority < whatIf.pod.priority);
	return lesser.length === 0 ? { reasons: [NO_VICTIMS] } : victimsOn(node, lesser, whatIf);
}

function whyIneligible({ pod, snapshot, refusal }: PreemptionQuestion): string | undefined {
	if (pod.pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
	const nominated = snapshot.nominationOf(pod.key);
	const node = nominated === undefined ? undefined : snapshot.node(nominated);
	if (!node || !refusal.mendable.includes(node)) return undefined;
	for (const each of node.pods.values()) {
		if (each.priority < pod.priority && isOnItsWay(each))
			return "not eligible due to a terminating pod on the nominated node.";
	}
	return undefined;
}

/** It was told to make room, and has not gone yet. */
function isOnItsWay({ pod, terminating }: PodInfo): boolean {
	if (!terminating) return false;
	const condition = podCondition(pod, DISRUPTION_TARGET);
	return condition?.status === "True" && condition.reason === "PreemptionByScheduler";
}

/** All of them, from a random place on, so that large clusters do not always wear the same nodes. */
function* from(nodes: readonly NodeInfo[], random: () => number): Generator<NodeInfo> {
	const start = Math.floor(random() * nodes.length);
	yield* nodes.slice(start);
	yield* nodes.slice(0, start);
}
