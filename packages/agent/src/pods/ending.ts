/**
 * The end that a host gives a pod before the pod's own: it is evicted, or the host shuts down. The pod's status carries it
 * from the first moment on, so that the next agent goes on with it. Pure. Source: Disruptions, Pod disruption conditions.
 */
import { DISRUPTION_TARGET, formatTime, type Pod, type PodCondition } from "@berth/api";

export interface Ending {
	/** `Evicted`, `Terminated`. */
	readonly reason: string;
	readonly message: string;
	/** What the condition DisruptionTarget says; default: the message. */
	readonly disruption?: string | undefined;
	/** Seconds at most between a stop signal and the kill; absent: the pod's own. */
	readonly grace?: number | undefined;
}

const CONDITION = { type: DISRUPTION_TARGET, status: "True", reason: "TerminationByKubelet" } as const;

/** What the pod's status says of its ending; its grace is in the pod's checkpoint. */
export function endingIn({ status }: Pod): Ending | undefined {
	const { conditions, reason, message = "" } = status ?? {};
	return conditions?.some(tellsOfEnding) && reason ? { reason, message } : undefined;
}

/** A host's word on a pod's end; others give theirs under the same type. */
export const tellsOfEnding = ({ type, status, reason }: PodCondition): boolean =>
	type === CONDITION.type && status === CONDITION.status && reason === CONDITION.reason;

/** The same pod, with a status that tells of its ending. `since` in milliseconds since the epoch. */
export function withEnding(pod: Pod, { reason, message, disruption }: Ending, since: number): Pod {
	if (endingIn(pod)) return pod;
	const { generation } = pod.metadata;
	const condition = {
		...CONDITION,
		...(generation !== undefined && { observedGeneration: generation }),
		lastTransitionTime: formatTime(since),
		message: disruption ?? message,
	};
	const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== CONDITION.type);
	return { ...pod, status: { ...pod.status, reason, message, conditions: [...others, condition] } };
}
