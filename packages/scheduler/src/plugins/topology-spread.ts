/** Pods of one kind are spread over zones, hosts or whatever a label says: strictly (a filter), or as well as it goes. */
import { untolerated } from "@berth/api";
import type { NodeInfo } from "../cluster/node-info.ts";
import type { PodInfo, SpreadConstraint } from "../cluster/pod-info.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import { type FilterPlugin, type Judge, lasting, objection, type ScorePlugin } from "../plugin.ts";
import { suitableNodes } from "./node-affinity.ts";
import { type Domains, spreadScores } from "./spread-scores.ts";

const NAME = "PodTopologySpread";
const MISMATCH = "node(s) didn't match pod topology spread constraints";
const SKEWED = objection(MISMATCH);
const UNLABELLED = lasting(`${MISMATCH} (missing required label)`);

export const topologySpread: FilterPlugin = {
	name: NAME,
	wakes: ["pod-gone", "pod-placed", "node-labels", "node-taints"],
	looksAround: true,
	filter: (pod, snapshot) => {
		const constraints = pod.spread.filter(({ required }) => required);
		if (constraints.length === 0) return undefined;
		const eligible = eligibleNodes(pod, constraints);
		const judges = constraints.map((constraint) =>
			judgeOf(constraint, pod, domainsOf(constraint, pod, snapshot, snapshot.nodes, eligible)),
		);
		return (node) => {
			for (const judge of judges) {
				const found = judge(node);
				if (found) return found;
			}
			return undefined;
		};
	},
};

export const topologyPreference: ScorePlugin = {
	name: NAME,
	weight: 2,
	score: (pod, snapshot, nodes) => {
		const constraints = pod.spread.filter(({ required }) => !required);
		if (constraints.length === 0) return undefined;
		const eligible = eligibleNodes(pod, constraints);
		const weighed = constraints.map((constraint) => ({
			topologyKey: constraint.topologyKey,
			maxSkew: constraint.maxSkew,
			domains: domainsOf(constraint, pod, snapshot, snapshot.nodes, eligible),
		}));
		return spreadScores(weighed, nodes);
	},
};

function judgeOf(
	{ topologyKey, maxSkew, minDomains, selector }: SpreadConstraint,
	pod: PodInfo,
	domains: Domains,
): Judge {
	const fewest = domains.size < minDomains ? 0 : Math.min(...domains.values());
	const itself = selector.matches(pod.labels) ? 1 : 0;
	return ({ labels }) => {
		const value = labels[topologyKey];
		if (value === undefined) return UNLABELLED;
		return (domains.get(value) ?? 0) + itself - fewest > maxSkew ? SKEWED : undefined;
	};
}

/** Nodes that count as places to spread over: they have every label asked for, and, as asked, suit the pod otherwise. */
function eligibleNodes(pod: PodInfo, constraints: readonly SpreadConstraint[]) {
	const suits = suitableNodes(pod.pod);
	const tolerations = pod.pod.spec.tolerations ?? [];
	return (node: NodeInfo, { honorAffinity, honorTaints }: SpreadConstraint) =>
		constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined) &&
		(!honorAffinity || !suits || suits(node)) &&
		(!honorTaints || !untolerated(node.taints, tolerations, ["NoSchedule", "NoExecute"]));
}

/** Matching pods in each domain; a domain without any counts as well. */
function domainsOf(
	constraint: SpreadConstraint,
	pod: PodInfo,
	snapshot: Snapshot,
	nodes: readonly NodeInfo[],
	eligible: (node: NodeInfo, constraint: SpreadConstraint) => boolean,
): Domains {
	const { topologyKey, selector } = constraint;
	const counts = snapshot.counts({ namespaces: [pod.namespace], selector, terminating: false });
	const domains = new Map<string, number>();
	for (const node of nodes) {
		const value = node.labels[topologyKey];
		if (value === undefined || !eligible(node, constraint)) continue;
		domains.set(value, (domains.get(value) ?? 0) + (counts.get(node.name) ?? 0));
	}
	return domains;
}
