import { matchesNodeSelectorTerm, matchesNodeSelectorTerms, type Pod } from "@berth/api";
import type { NodeInfo } from "../cluster/node-info.ts";
import { type FilterPlugin, lasting, type ScorePlugin, scaled } from "../plugin.ts";

const NAME = "NodeAffinity";
const UNSUITABLE = lasting("node(s) didn't match Pod's node affinity/selector");
const NOT_NAMED = lasting(`node(s) didn't satisfy plugin(s) [${NAME}]`);

/** Required node affinity that names its nodes, as pods of daemon sets do: nothing else is asked of any other node. */
export const namedNodes: FilterPlugin = {
	name: NAME,
	wakes: [],
	filter: ({ pod }) => {
		const names = namesWanted(pod);
		return names && (({ name }) => (names.has(name) ? undefined : NOT_NAMED));
	},
};

/** `nodeSelector` and required node affinity: labels the node must have. */
export const nodeAffinity: FilterPlugin = {
	name: NAME,
	wakes: ["node-labels"],
	filter: ({ pod }) => {
		const suits = suitableNodes(pod);
		return suits && ((node) => (suits(node) ? undefined : UNSUITABLE));
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

/** The only nodes that can satisfy the required affinity; undefined when a term leaves the name open. */
function namesWanted({ spec }: Pod): ReadonlySet<string> | undefined {
	const terms =
		spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
	const names = new Set<string>();
	for (const { matchFields = [] } of terms) {
		const lists = matchFields
			.filter(({ key, operator }) => key === "metadata.name" && operator === "In")
			.map(({ values }) => new Set(values));
		const [first, ...others] = lists;
		if (!first) return undefined;
		for (const name of first) if (others.every((list) => list.has(name))) names.add(name);
	}
	return terms.length > 0 ? names : undefined;
}

/** Which nodes the pod's own selectors allow; undefined when they allow all. */
export function suitableNodes({ spec }: Pod): ((node: NodeInfo) => boolean) | undefined {
	const labels = Object.entries(spec.nodeSelector ?? {});
	const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
	if (labels.length === 0 && !required) return undefined;
	return (node) =>
		labels.every(([key, value]) => Object.hasOwn(node.labels, key) && node.labels[key] === value) &&
		(!required || matchesNodeSelectorTerms(required.nodeSelectorTerms, node));
}
