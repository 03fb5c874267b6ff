/**
 * What a pod's status says when somebody else ends it.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions
 */
import { formatTime } from "../../machinery/time.ts";
import type { PodCondition } from "./pod-status.ts";

export const DISRUPTION_TARGET = "DisruptionTarget";

/** The pod is about to end; `reason` says by whose hand. `now` in milliseconds since the epoch. */
export const disruptionTarget = (reason: string, message: string, now: number): PodCondition => ({
	type: DISRUPTION_TARGET,
	status: "True",
	reason,
	message,
	lastTransitionTime: formatTime(now),
});
