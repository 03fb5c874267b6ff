/** The decision: one pod, the cluster as it is, and the node the pod should run on or every reason why there is none. */
import type { NodeInfo } from "./cluster/node-info.ts";
import type { PodInfo } from "./cluster/pod-info.ts";
import type { Snapshot } from "./cluster/snapshot.ts";
import { FILTERS, SCORES } from "./plugins.ts";

export type Verdict = { readonly node: string } | Refusal;

export interface Refusal {
	readonly node?: undefined;
	/** Nodes looked at. */
	readonly nodes: number;
	/** Reason to the number of nodes it holds for. */
	readonly reasons: ReadonlyMap<string, number>;
	/** Names of the plugins that refused at least one node: what they wait for may let the pod in. */
	readonly refusedBy: ReadonlySet<string>;
}

/** Same pod, same cluster, same `random` (in [0, 1), breaks ties): same node. */
export function schedule(pod: PodInfo, snapshot: Snapshot, random: () => number): Verdict {
	const reasons = new Map<string, number>();
	const refusedBy = new Set<string>();
	const feasible = feasibleNodes(pod, snapshot, (plugin, found) => {
		refusedBy.add(plugin);
		for (const reason of typeof found === "string" ? [found] : found) {
			reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
		}
	});
	const [only] = feasible;
	if (!only) return { nodes: snapshot.nodes.length, reasons, refusedBy };
	if (feasible.length === 1) return { node: only.name };
	return { node: best(feasible, totals(pod, snapshot, feasible), random).name };
}

/** Asks of a pod who keeps it off this one node now: the first plugin to refuse, `NO_NODE`, or undefined when it can run there. */
export function refuserOn(name: string, snapshot: Snapshot): (pod: PodInfo) => string | undefined {
	return (pod) => {
		const node = snapshot.node(name);
		if (!node?.node) return NO_NODE;
		return FILTERS.find(({ filter }) => filter(pod, snapshot)?.(node) !== undefined)?.name;
	};
}

/** Stands for a plugin where there is no node to judge. */
const NO_NODE = "NoNode";

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.` */
export function explain({ nodes, reasons }: Refusal): string {
	if (nodes === 0) return "no nodes available to schedule pods";
	const parts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
	return `0/${nodes} nodes are available: ${parts.join(", ")}.`;
}

function feasibleNodes(
	pod: PodInfo,
	snapshot: Snapshot,
	refused: (plugin: string, reasons: string | readonly string[]) => void,
): NodeInfo[] {
	const judges = FILTERS.flatMap((plugin) => {
		const judge = plugin.filter(pod, snapshot);
		return judge ? [{ name: plugin.name, judge }] : [];
	});
	return snapshot.nodes.filter((node) => {
		for (const { name, judge } of judges) {
			const reasons = judge(node);
			if (reasons === undefined) continue;
			refused(name, reasons);
			return false;
		}
		return true;
	});
}

function totals(pod: PodInfo, snapshot: Snapshot, nodes: readonly NodeInfo[]): Float64Array {
	const sums = new Float64Array(nodes.length);
	for (const { score, weight } of SCORES) {
		const scores = score(pod, snapshot, nodes);
		if (!scores) continue;
		for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + weight * (scores[i] ?? 0);
	}
	return sums;
}

/** The highest total; among equals any, so that equal nodes fill evenly. */
function best(nodes: readonly NodeInfo[], sums: Float64Array, random: () => number): NodeInfo {
	let top: NodeInfo[] = [];
	let most = Number.NEGATIVE_INFINITY;
	for (const [index, node] of nodes.entries()) {
		const sum = sums[index] ?? 0;
		if (sum > most) {
			most = sum;
			top = [node];
		} else if (sum === most) {
			top.push(node);
		}
	}
	return top[Math.floor(random() * top.length)] as NodeInfo;
}
