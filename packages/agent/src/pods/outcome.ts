/** Whether a pod has come to its end, and how. Pure. */
import { type Container, isSidecar, mayRestart, type Pod, parseTime } from "@berth/api";
import { endingIn } from "./ending.ts";
import { latestOf, type ObservedContainer, type ObservedPod } from "./observed.ts";
import { currentRound, isPast } from "./rounds.ts";

export interface Outcome {
	readonly phase: "Succeeded" | "Failed";
	/** Of the pod, where its containers do not tell. */
	readonly reason?: string | undefined;
	readonly message?: string | undefined;
}

/** The pod's end, or undefined while it has (or may still get) work to do. `now` in milliseconds since the epoch. */
export function outcomeOf(pod: Pod, observed: ObservedPod, now: number): Outcome | undefined {
	const { phase, reason, message } = pod.status ?? {};
	if (phase === "Succeeded" || phase === "Failed") return { phase, reason, message };
	const ending = endingIn(pod);
	if (ending) return { phase: "Failed", ...ending };
	if ((deadlineOf(pod) ?? Number.POSITIVE_INFINITY) <= now) {
		return {
			phase: "Failed",
			reason: "DeadlineExceeded",
			message: "Pod was active on the node longer than the specified deadline",
		};
	}
	const round = currentRound(pod, observed);
	if (failedInit(pod, observed, round)) return { phase: "Failed" };
	const ends = pod.spec.containers.map((container) => {
		const latest = latestOf(observed, container.name);
		return latest && !isPast(latest, round) && isOver(pod, container, latest) ? latest : undefined;
	});
	if (ends.length === 0 || ends.includes(undefined)) return undefined;
	return { phase: ends.every((end) => end?.exitCode === 0) ? "Succeeded" : "Failed" };
}

/** When `activeDeadlineSeconds` ends the pod. */
export function deadlineOf({ spec, status }: Pod): number | undefined {
	if (spec.activeDeadlineSeconds === undefined || !status?.startTime) return undefined;
	return parseTime(status.startTime) + spec.activeDeadlineSeconds * 1000;
}

/** It ended and will not run again. */
export const isOver = (pod: Pod, container: Container, latest: ObservedContainer): boolean =>
	latest.state === "exited" && !mayRestart(pod.spec, container, latest.exitCode);

/** An init container that succeeded is done, whatever the policy: only failures are run again. */
function failedInit(pod: Pod, observed: ObservedPod, round: number): boolean {
	return (pod.spec.initContainers ?? []).some((container) => {
		const latest = latestOf(observed, container.name);
		if (!latest || isSidecar(container) || latest.state !== "exited" || latest.exitCode === 0) return false;
		return !isPast(latest, round) && !mayRestart(pod.spec, container, latest.exitCode);
	});
}
