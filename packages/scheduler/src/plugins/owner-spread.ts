/** Without constraints of its own, a pod keeps away from hosts, and then zones, that have pods of the same owner. */
import type { ScorePlugin } from "../plugin.ts";
import { type Domains, spreadScores, type WeighedConstraint } from "./spread-scores.ts";

const DEFAULTS = [
	{ topologyKey: "kubernetes.io/hostname", maxSkew: 3 },
	{ topologyKey: "topology.kubernetes.io/zone", maxSkew: 5 },
];

export const ownerSpread: ScorePlugin = {
	name: "OwnerSpread",
	weight: 2,
	score: ({ owner, spread }, snapshot, nodes) => {
		if (!owner || spread.length > 0) return undefined;
		const siblings = snapshot.siblings(owner);
		if (siblings.size === 0) return undefined;
		const constraints: WeighedConstraint[] = [];
		for (const { topologyKey, maxSkew } of DEFAULTS) {
			const domains = new Map<string, number>();
			for (const { name, labels } of nodes) {
				const value = labels[topologyKey];
				if (value !== undefined) domains.set(value, (domains.get(value) ?? 0) + (siblings.get(name) ?? 0));
			}
			// A cluster without zones has none to spread over; hosts always have their name.
			if (domains.size > 1) constraints.push({ topologyKey, maxSkew, domains: domains as Domains });
		}
		return constraints.length > 0 ? spreadScores(constraints, nodes) : undefined;
	},
};
