/** How probes went and how long they took, under the names that a kubelet's dashboards use: `/metrics/probes`. */
import type { Pod } from "@berth/api";
import { Counter, Histogram, Registry } from "prom-client";
import type { ProbeKind } from "../steps/probes/prober.ts";

export interface ProbeOutcome {
	readonly pod: Pod;
	readonly container: string;
	readonly kind: ProbeKind;
	/** `unknown`: nothing could be checked. */
	readonly result: "successful" | "failed" | "unknown";
	readonly seconds: number;
}

export interface ProbeMetrics {
	probed(outcome: ProbeOutcome): void;
	/** The pod is gone. */
	forget(uid: string): void;
	text(): Promise<string>;
}

export function createProbeMetrics(): ProbeMetrics {
	const registry = new Registry();
	const registers = [registry];
	const results = new Counter({
		name: "prober_probe_total",
		help: "Probes of containers, by their results.",
		labelNames: ["probe_type", "result", "container", "pod", "namespace", "pod_uid"],
		registers,
	});
	const durations = new Histogram({
		name: "prober_probe_duration_seconds",
		help: "Time that probes of containers took.",
		labelNames: ["probe_type", "container", "pod", "namespace"],
		registers,
	});
	/** What takes away what was counted, by the pod's uid and then by labels. */
	const counted = new Map<string, Map<string, () => void>>();
	return {
		probed({ pod, container, kind, result, seconds }) {
			const { name, namespace = "", uid } = pod.metadata;
			const labels = { probe_type: kind, container, pod: name, namespace };
			const ofResult = { ...labels, result, pod_uid: uid };
			results.inc(ofResult);
			durations.observe(labels, seconds);
			const ofPod = counted.get(uid) ?? new Map<string, () => void>();
			counted.set(uid, ofPod);
			ofPod.set(`${kind} ${container} ${result}`, () => {
				results.remove(ofResult);
				durations.remove(labels);
			});
		},
		forget(uid) {
			for (const remove of counted.get(uid)?.values() ?? []) remove();
			counted.delete(uid);
		},
		text: () => registry.metrics(),
	};
}
