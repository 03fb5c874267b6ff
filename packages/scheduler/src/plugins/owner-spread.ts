/** Without constraints of its own, a pod keeps away from hosts, and then zones, that have pods of the same owner. */
import type { ScorePlugin } from "../plugin.ts";
import { scoresOfCrowds } from "./spread-scores.ts";

const ZONE = "topology.kubernetes.io/zone";
/** One pod more in a zone says less than one more on a host, of which there are many. */
const ZONE_WEIGHT = Math.log(5);

export const ownerSpread: ScorePlugin = {
	name: "OwnerSpread",
	weight: 2,
	score: ({ owner, spread }, snapshot, nodes) => {
		if (!owner || spread.length > 0) return undefined;
		const siblings = snapshot.siblings(owner);
		if (siblings.size === 0) return undefined;
		const zones = new Map<string, number>();
		for (const [name, count] of siblings) {
			const zone = snapshot.node(name)?.labels[ZONE];
			if (zone !== undefined) zones.set(zone, (zones.get(zone) ?? 0) + count);
		}
		const hostWeight = Math.log(nodes.length + 2);
		return scoresOfCrowds(
			nodes.map(({ name, labels }) => {
				const onHost = (siblings.get(name) ?? 0) * hostWeight;
				return zones.size > 0 ? onHost + (zones.get(labels[ZONE] ?? "") ?? 0) * ZONE_WEIGHT : onHost;
			}),
		);
	},
};
