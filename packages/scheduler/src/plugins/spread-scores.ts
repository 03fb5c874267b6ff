/** How much better a node is for how few of the pod's like are in its domains. Pure arithmetic. */
import type { NodeInfo } from "../cluster/node-info.ts";

/** Pods by the value of a topology key. */
export type Domains = ReadonlyMap<string, number>;

export interface WeighedConstraint {
	readonly topologyKey: string;
	readonly maxSkew: number;
	readonly domains: Domains;
}

/**
 * 0 to 100 for each node. Where there are many domains one pod more in one of them matters more, so the counts of a key
 * with many values weigh more; a node without one of the labels scores 0.
 */
export function spreadScores(
	constraints: readonly WeighedConstraint[],
	nodes: readonly NodeInfo[],
): readonly number[] | undefined {
	return scoresOfCrowds(nodes.map((node) => crowdOf(node, constraints)));
}

/** The emptiest is best; undefined crowds are worst. All alike say nothing. */
export function scoresOfCrowds(crowds: readonly (number | undefined)[]): readonly number[] | undefined {
	const known = crowds.filter((crowd) => crowd !== undefined);
	const most = Math.max(...known);
	const least = Math.min(...known);
	if (known.length === crowds.length && most === least) return undefined;
	return crowds.map((crowd) => {
		if (crowd === undefined) return 0;
		return most === 0 ? 100 : (100 * (most + least - crowd)) / most;
	});
}

function crowdOf({ labels }: NodeInfo, constraints: readonly WeighedConstraint[]): number | undefined {
	let sum = 0;
	for (const { topologyKey, maxSkew, domains } of constraints) {
		const value = labels[topologyKey];
		if (value === undefined) return undefined;
		sum += (domains.get(value) ?? 0) * Math.log(domains.size + 2) + (maxSkew - 1);
	}
	return sum;
}
