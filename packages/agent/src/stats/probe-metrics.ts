/** How probes went, under the name that a kubelet's dashboards use: `/metrics/probes`. */
import type { Pod } from "@berth/api";
import type { ProbeKind } from "../steps/probes/prober.ts";
import { exposition } from "./exposition.ts";

export interface ProbeOutcome {
	readonly pod: Pod;
	readonly container: string;
	readonly kind: ProbeKind;
	/** `unknown`: nothing could be checked. */
	readonly result: "successful" | "failed" | "unknown";
}

export interface ProbeMetrics {
	probed(outcome: ProbeOutcome): void;
	/** The pod is gone. */
	forget(uid: string): void;
	text(): string;
}

export function createProbeMetrics(): ProbeMetrics {
	/** By the pod's uid, then by labels. */
	const counts = new Map<string, Map<string, number>>();
	return {
		probed({ pod, container, kind, result }) {
			const { name, namespace = "", uid } = pod.metadata;
			const labels = { probe_type: kind, result, container, pod: name, namespace, pod_uid: uid };
			const key = JSON.stringify(labels);
			const ofPod = counts.get(uid) ?? new Map<string, number>();
			counts.set(uid, ofPod.set(key, (ofPod.get(key) ?? 0) + 1));
		},
		forget: (uid) => void counts.delete(uid),
		text: () =>
			exposition([
				{
					name: "prober_probe_total",
					type: "counter",
					help: "Probes of containers, by their results.",
					series: [...counts.values()].flatMap((ofPod) =>
						[...ofPod].map(([key, value]) => ({
							labels: JSON.parse(key) as Readonly<Record<string, string>>,
							value,
						})),
					),
				},
			]),
	};
}
