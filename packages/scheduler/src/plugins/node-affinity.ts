import { matchesNodeSelectorTerm, matchesNodeSelectorTerms, type Pod } from "@berth/api";
import type { NodeInfo } from "../cluster/node-info.ts";
import type { FilterPlugin, ScorePlugin } from "../plugin.ts";
import { scaled } from "../plugin.ts";

const NAME = "NodeAffinity";

/** `nodeSelector` and required node affinity: labels the node must have. */
export const nodeAffinity: FilterPlugin = {
	name: NAME,
	wakes: ["node-labels"],
	filter: ({ pod }) => {
		const suits = suitableNodes(pod);
		return (
			suits && ((node) => (suits(node) ? undefined : "node(s) didn't match Pod's node affinity/selector"))
		);
	},
};

/** Preferred node affinity: labels the node had better have. */
export const nodeAffinityPreference: ScorePlugin = {
	name: NAME,
	weight: 2,
	score: ({ pod }, _snapshot, nodes) => {
		const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
		if (terms.length === 0) return undefined;
		const sums = nodes.map((node) => {
			let sum = 0;
			for (const { weight, preference } of terms)
				if (matchesNodeSelectorTerm(preference, node)) sum += weight;
			return sum;
		});
		return scaled(sums);
	},
};

/** Which nodes the pod's own selectors allow; undefined when they allow all. */
export function suitableNodes({ spec }: Pod): ((node: NodeInfo) => boolean) | undefined {
	const labels = Object.entries(spec.nodeSelector ?? {});
	const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
	if (labels.length === 0 && !required) return undefined;
	return (node) =>
		labels.every(([key, value]) => Object.hasOwn(node.labels, key) && node.labels[key] === value) &&
		(!required || matchesNodeSelectorTerms(required.nodeSelectorTerms, node));
}
