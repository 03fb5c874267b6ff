/**
 * Rounds of a pod. Most pods live in one: round 0. A container whose end asks, by a rule of its restartPolicyRules, that
 * all containers restart begins the next one: everything of earlier rounds is stopped, and the pod starts over with its
 * init containers, in the same sandbox. Each container carries the number of its round. Pure.
 */
import { type Pod, restartRuleFor } from "@berth/api";
import { containerOf, type ObservedContainer, type ObservedPod } from "./observed.ts";

/** The round that the pod's containers should be of. */
export function currentRound(pod: Pod, observed: ObservedPod): number {
	const rounds = observed.containers.map((each) => (endsRound(pod, each) ? each.round + 1 : each.round));
	return Math.max(0, ...rounds);
}

/** It has to make way for the current round; what is only remembered tells nothing of its round. */
export const isPast = ({ round, remembered }: ObservedContainer, current: number): boolean =>
	!remembered && round < current;

export function endsRound(pod: Pod, { name, state, exitCode, remembered }: ObservedContainer): boolean {
	if (state !== "exited" || remembered) return false;
	const container = containerOf(pod, name);
	return container !== undefined && restartRuleFor(container, exitCode)?.action === "RestartAllContainers";
}
