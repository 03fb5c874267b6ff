/** Carries a preemption out: victims are told why, then asked to go; meanwhile their room is kept for the pod. */
import {
	type Clock,
	disruptionTarget,
	isNotFound,
	type Logger,
	Pod,
	type PodDisruptionBudget,
} from "@berth/api";
import type { Client } from "@berth/client";
import type { EventRecorder } from "@berth/reconcile";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodInfo } from "../cluster/pod-info.ts";
import type { Refusal } from "../schedule.ts";
import { preempt } from "./preempt.ts";

export interface RoomMakerOptions {
	readonly cluster: Cluster;
	readonly client: Client;
	readonly events: EventRecorder;
	readonly clock: Clock;
	readonly log: Logger;
	readonly random: () => number;
	readonly schedulerName: string;
	readonly budgets: () => readonly PodDisruptionBudget[];
	/** Somebody on this node could not be asked to go: whoever gets the room must look again. */
	readonly failed: (node: string) => void;
}

export interface Attempt {
	/** Why nobody goes; empty when somebody does. */
	readonly message: string;
	/** The node to name in the pod's status; null: none any more; undefined: as it was. */
	readonly nomination: string | null | undefined;
	/** Settles when every victim has been asked to go; never rejects. */
	readonly evictions: Promise<void> | undefined;
}

export interface RoomMaker {
	/** Decides at once, and begins to carry it out. */
	attempt(pod: PodInfo, refusal: Refusal): Attempt;
}

interface UnderWay {
	readonly node: string;
	/** Those who were asked, as long as the request has not failed. */
	readonly victims: Set<PodInfo>;
}

export function createRoomMaker(options: RoomMakerOptions): RoomMaker {
	const { cluster, client, events, clock, log, random, schedulerName, budgets, failed } = options;
	/** By key of the pod that gets the room. */
	const underWay = new Map<string, UnderWay>();

	/** Somebody was asked to go, and informers do not show yet that it is going. */
	function isUnderWay(key: string): boolean {
		const found = underWay.get(key);
		if (!found) return false;
		const pods = cluster.node(found.node)?.pods;
		for (const { key: victim, pod } of found.victims) {
			const now = pods?.get(victim);
			if (now && !now.terminating && now.pod.metadata.uid === pod.metadata.uid) return true;
		}
		underWay.delete(key);
		return false;
	}

	async function evict(victim: PodInfo, pod: PodInfo, node: string): Promise<boolean> {
		const { namespace, name, uid } = victim.pod.metadata;
		const message = `${schedulerName}: preempting to accommodate a higher priority pod`;
		const condition = disruptionTarget("PreemptionByScheduler", message, clock.now());
		try {
			await client.patch(
				Pod,
				{ namespace, name },
				{ metadata: { uid }, status: { conditions: [condition] } },
				{ type: "strategic", subresource: "status" },
			);
			await client.delete(Pod, { namespace, name }, { preconditions: { uid } });
		} catch (error) {
			if (isNotFound(error)) return true;
			log.warn({ err: error, pod: victim.key, for: pod.key }, "cannot preempt a pod");
			return false;
		}
		events.normal(
			victim.pod,
			"Preempted",
			`Preempted by pod ${pod.pod.metadata.uid ?? pod.key} on node ${node}`,
		);
		return true;
	}

	/** Pods that matter less lose what they were promised: the room will not be enough for them. */
	async function withdraw({ key, pod }: PodInfo): Promise<void> {
		cluster.denominate(key);
		const { namespace, name, uid } = pod.metadata;
		const patch = { metadata: { uid }, status: { nominatedNodeName: null } };
		try {
			await client.patch(Pod, { namespace, name }, patch, { type: "strategic", subresource: "status" });
		} catch (error) {
			if (!isNotFound(error)) log.warn({ err: error, pod: key }, "cannot withdraw a nomination");
		}
	}

	async function carryOut(pod: PodInfo, node: string, victims: readonly PodInfo[]): Promise<void> {
		// Whoever needs no room any more, because it runs or is gone, is forgotten.
		for (const key of underWay.keys()) if (cluster.nominationOf(key) === undefined) underWay.delete(key);
		const asked = new Set(victims.filter(({ terminating }) => !terminating));
		underWay.set(pod.key, { node, victims: asked });
		const outranked = cluster.nominatedOn(node).filter(({ priority }) => priority < pod.priority);
		cluster.nominate(pod, node);
		await Promise.all([
			...outranked.map(withdraw),
			...[...asked].map(async (victim) => {
				if (await evict(victim, pod, node)) return;
				asked.delete(victim);
				failed(node);
			}),
		]);
	}

	return {
		attempt: (pod, refusal) => {
			if (isUnderWay(pod.key)) return { message: "", nomination: undefined, evictions: undefined };
			const outcome = preempt({
				pod,
				refusal,
				snapshot: cluster,
				budgets: budgets(),
				random,
				now: clock.now(),
			});
			if (outcome.node !== undefined) {
				const { node, victims } = outcome;
				log.info({ pod: pod.key, node, victims: victims.map(({ key }) => key) }, "preempting");
				return { message: "", nomination: node, evictions: carryOut(pod, node, victims) };
			}
			if (outcome.isOver) cluster.denominate(pod.key);
			return {
				message: outcome.message,
				nomination: outcome.isOver ? null : undefined,
				evictions: undefined,
			};
		},
	};
}
