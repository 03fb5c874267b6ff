/** The status of a pod from what is there: phase, addresses, conditions, containers. Pure. */
import { formatTime, type LinuxContainerUser, type Pod, type PodStatus, podQosClass } from "@berth/api";
import { conditionsOf } from "./conditions.ts";
import { containerStatuses, type Statuses, type Trouble } from "./container-status.ts";
import type { Verdict } from "./decide.ts";
import { latestOf, type ObservedContainer, type ObservedPod } from "./observed.ts";
import type { Outcome } from "./outcome.ts";
import type { ResizeState } from "./resize-status.ts";

export interface StatusInput {
	/** With the newest status known. */
	readonly pod: Pod;
	readonly observed: ObservedPod;
	readonly outcome: Outcome | undefined;
	/** The host did not take the pod on: the outcome says why. */
	readonly rejected: boolean;
	/** All is stopped, and the pod is being deleted: it has a last phase even when its containers could go on. */
	readonly ended: boolean;
	readonly verdict: (container: ObservedContainer) => Verdict;
	/** Names of containers whose start is under way, hooks included. */
	readonly starting: ReadonlySet<string>;
	/** Why a container does not start, by its name. */
	readonly troubles: ReadonlyMap<string, Trouble>;
	/** Text of a container's termination log, by container id. */
	readonly messages: ReadonlyMap<string, string>;
	/** Who containers run as, by container id. */
	readonly users: ReadonlyMap<string, LinuxContainerUser>;
	/** Addresses of the pod; empty while it has no network. */
	readonly podIps: readonly string[];
	readonly hostIps: readonly string[];
	/** The sandbox runs and is on the network. */
	readonly sandboxReady: boolean;
	readonly resize: ResizeState;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

export function statusOf(input: StatusInput): PodStatus {
	const { pod, hostIps, now } = input;
	const known = pod.status ?? {};
	// One that was never taken on has no containers.
	const { init, regular, ephemeral } = input.rejected ? NO_CONTAINERS : containerStatuses(input);
	const { phase, reason, message } = phaseOf(input);
	const podIps = input.podIps.length > 0 ? input.podIps : (known.podIPs ?? []).map(({ ip }) => ip);
	return {
		...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
		phase,
		...(reason && { reason }),
		...(message && { message }),
		conditions: conditionsOf({ ...input, phase, init, regular }),
		hostIP: hostIps[0],
		hostIPs: hostIps.map((ip) => ({ ip })),
		...(podIps.length > 0 && { podIP: podIps[0], podIPs: podIps.map((ip) => ({ ip })) }),
		startTime: known.startTime ?? formatTime(now),
		...(init.length > 0 && { initContainerStatuses: init }),
		...(regular.length > 0 && { containerStatuses: regular }),
		...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral }),
		qosClass: known.qosClass ?? podQosClass(pod.spec),
	};
}

const NO_CONTAINERS: Statuses = { init: [], regular: [], ephemeral: [] };

function phaseOf({ pod, observed, outcome, ended }: StatusInput): {
	phase: NonNullable<PodStatus["phase"]>;
	reason?: string | undefined;
	message?: string | undefined;
} {
	const latest = pod.spec.containers.map((container) => latestOf(observed, container.name));
	const { reason, message } = outcome ?? pod.status ?? {};
	const isStopped = observed.containers.every(({ state }) => state !== "running");
	// Before its last container, sidecars too, has ended the pod still runs, whatever its end will be.
	if (outcome && isStopped) return { phase: outcome.phase, reason, message };
	if (ended) {
		const succeeded = latest.every((container) => container?.state === "exited" && container.exitCode === 0);
		return { phase: succeeded ? "Succeeded" : "Failed", reason, message };
	}
	const started = latest.every((container) => container !== undefined && container.state !== "created");
	return { phase: started || pod.status?.phase === "Running" ? "Running" : "Pending", reason, message };
}
