/** The probers of one pod: one for each running container, for as long as it runs. */
import type { Container, Pod, Probe } from "@berth/api";
import type { ProbeOutcome } from "../stats/probe-metrics.ts";
import { check } from "../steps/probes/check.ts";
import { createProber, type ProbeKind, type Prober } from "../steps/probes/prober.ts";
import type { CheckTarget } from "../steps/probes/result.ts";
import type { Verdict } from "./decide.ts";
import type { PodEnvironment } from "./environment.ts";
import { fieldPathOf } from "./field-path.ts";
import { containerOf, type ObservedContainer, type ObservedPod } from "./observed.ts";

export interface Probers {
	/** Starts and stops probers as containers have started and ended. Call with the pod's addresses as they are now. */
	follow(pod: Pod, observed: ObservedPod, podIps: readonly string[]): void;
	/** `busy` names have not finished starting: their hook still runs. */
	verdict(container: ObservedContainer): Verdict;
	stop(): void;
}

const NOTHING_YET: Verdict = { started: false, ready: false };

export function createProbers(
	environment: PodEnvironment,
	isBusy: (name: string) => boolean,
	changed: () => void,
): Probers {
	const { clock, random, runtime, events, probes } = environment;
	const probers = new Map<string, Prober>();
	/** What was last said of containers that probes gave up and that have ended since. */
	const givenUp = new Map<string, Verdict>();

	function start(
		pod: Pod,
		container: Container,
		running: ObservedContainer,
		podIps: readonly string[],
	): Prober {
		const target = targetOf(container, running.id, podIps);
		const part = fieldPathOf(pod, container.name);
		return createProber({
			container,
			startedAt: running.startedAt,
			known: knownOf(pod, running),
			check: async (probe, signal) => {
				const began = clock.now();
				const tell = (result: ProbeOutcome["result"]) => {
					if (signal.aborted) return;
					const seconds = (clock.now() - began) / 1000;
					probes?.probed({ pod, container: container.name, kind: kindOf(container, probe), result, seconds });
				};
				try {
					const result = await check(probe, target, { runtime, clock, signal });
					tell(result.passed ? "successful" : "failed");
					return result;
				} catch (error) {
					tell("unknown");
					throw error;
				}
			},
			changed,
			failed: (kind, message) => events.warning(pod, "Unhealthy", `${kind} probe failed: ${message}`, part),
			warned: (kind, text) => events.warning(pod, "ProbeWarning", `${kind} probe warning: ${text}`, part),
			clock,
			random,
		});
	}

	return {
		follow(pod, observed, podIps) {
			const running = observed.containers.filter(({ state }) => state === "running");
			for (const [id, { stop, verdict }] of probers) {
				if (running.some((container) => container.id === id)) continue;
				if (verdict.failed) givenUp.set(id, { ...NOTHING_YET, failed: verdict.failed });
				stop();
				probers.delete(id);
			}
			for (const id of givenUp.keys()) {
				if (!observed.containers.some((container) => container.id === id)) givenUp.delete(id);
			}
			for (const each of running) {
				const container = containerOf(pod, each.name);
				if (!container || probers.has(each.id) || isBusy(each.name) || podIps.length === 0) continue;
				probers.set(each.id, start(pod, container, each, podIps));
			}
			if (pod.metadata.deletionTimestamp === undefined) return;
			for (const prober of probers.values()) prober.endOfPod();
		},
		verdict: ({ id }) => probers.get(id)?.verdict ?? givenUp.get(id) ?? NOTHING_YET,
		stop() {
			for (const prober of probers.values()) prober.stop();
			probers.clear();
		},
	};
}

const kindOf = ({ startupProbe, livenessProbe }: Container, probe: Probe): ProbeKind =>
	probe === startupProbe ? "Startup" : probe === livenessProbe ? "Liveness" : "Readiness";

export const targetOf = (
	{ ports = [] }: Container,
	containerId: string,
	podIps: readonly string[],
): CheckTarget => ({
	containerId,
	host: podIps[0] ?? "",
	ports,
});

/** What the pod's status says of this very container. */
function knownOf({ status }: Pod, { id }: ObservedContainer) {
	const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
	const known = statuses.find(({ containerID }) => containerID === `docker://${id}`);
	return known?.state?.running && { started: known.started ?? false, ready: known.ready };
}
