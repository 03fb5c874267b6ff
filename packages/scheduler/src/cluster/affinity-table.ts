/**
 * What the pods already placed demand of their neighbours. Pods of one owner demand the same: each different term is kept
 * once, with the number of pods that state it on each node.
 */
import type { AffinityTerm, PodInfo } from "./pod-info.ts";

export type TermRole = "requiredNear" | "requiredFar" | "preferredNear" | "preferredFar";

export interface StatedTerm {
	readonly role: TermRole;
	readonly term: AffinityTerm;
	/** Pods that state it, by node name. */
	readonly statedOn: ReadonlyMap<string, number>;
}

export interface AffinityTable {
	/** Every different term stated by a placed pod. */
	readonly stated: Iterable<StatedTerm>;
	add(pod: PodInfo, node: string): void;
	remove(pod: PodInfo, node: string): void;
}

const ROLES: readonly TermRole[] = ["requiredNear", "requiredFar", "preferredNear", "preferredFar"];

export function createAffinityTable(): AffinityTable {
	const terms = new Map<string, StatedTerm & { readonly statedOn: Map<string, number> }>();

	function change(pod: PodInfo, node: string, by: 1 | -1) {
		for (const role of ROLES) {
			for (const term of pod.affinity[role]) {
				const id = identify(role, term);
				const known = terms.get(id) ?? { role, term, statedOn: new Map<string, number>() };
				const count = (known.statedOn.get(node) ?? 0) + by;
				if (count > 0) known.statedOn.set(node, count);
				else known.statedOn.delete(node);
				if (known.statedOn.size > 0) terms.set(id, known);
				else terms.delete(id);
			}
		}
	}

	return {
		get stated() {
			return terms.values();
		},
		add: (pod, node) => change(pod, node, 1),
		remove: (pod, node) => change(pod, node, -1),
	};
}

const identify = (
	role: TermRole,
	{ namespaces, namespaceSelector, selector, topologyKey, weight }: AffinityTerm,
) =>
	JSON.stringify([
		role,
		namespaces,
		namespaceSelector ? [namespaceSelector.toString(), namespaceSelector.empty] : null,
		[selector.toString(), selector.empty],
		topologyKey,
		weight,
	]);
