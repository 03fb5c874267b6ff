/** The decision: one pod, the cluster as it is, and the node the pod should run on or every reason why there is none. */
import type { NodeInfo } from "./cluster/node-info.ts";
import type { PodInfo } from "./cluster/pod-info.ts";
import type { Snapshot } from "./cluster/snapshot.ts";
import { type Finding, judge } from "./judgement.ts";
import { FILTERS, SCORES } from "./plugins.ts";

export type Verdict = { readonly node: string } | Refusal;

export interface Refusal {
	readonly node?: undefined;
	/** Nodes there are. */
	readonly nodes: number;
	/** Reason to the number of nodes it holds for. */
	readonly reasons: ReadonlyMap<string, number>;
	/** Why no node need be asked. */
	readonly everywhere: string | undefined;
	/** Names of the plugins that refused at least one node: what they wait for may let the pod in. */
	readonly refusedBy: ReadonlySet<string>;
	/** Nodes that the pod could have if some pods left. */
	readonly mendable: readonly NodeInfo[];
}

/** Same pod, same cluster, same `random` (in [0, 1), breaks ties): same node. */
export function schedule(pod: PodInfo, snapshot: Snapshot, random: () => number): Verdict {
	const { nodes } = snapshot;
	const { everywhere, on } = judge(pod, snapshot, FILTERS);
	if (everywhere) {
		const { plugin, objection } = everywhere;
		return {
			nodes: nodes.length,
			reasons: new Map(),
			everywhere: objection.reasons.join(", "),
			refusedBy: new Set([plugin]),
			mendable: objection.isLasting ? [] : nodes,
		};
	}
	// Others have gone to make room there: it is taken whether or not another node is better by now.
	const nominated = snapshot.node(snapshot.nominationOf(pod.key) ?? "");
	if (nominated?.node && !on(nominated)) return { node: nominated.name };

	const tally = createTally();
	const feasible = nodes.filter((node) => {
		const found = on(node);
		if (found) tally.count(node, found);
		return found === undefined;
	});
	const [only] = feasible;
	if (!only) return { nodes: nodes.length, everywhere: undefined, ...tally };
	if (feasible.length === 1) return { node: only.name };
	return { node: best(feasible, totals(pod, snapshot, feasible), random).name };
}

/**
 * Asks of a pod who keeps it off this one node now: the first plugin to refuse, `NO_NODE`, or undefined when it can run
 * there. A pod for which room was being made there is to look again in any case: if not there, then elsewhere.
 */
export function refuserOn(name: string, snapshot: Snapshot): (pod: PodInfo) => string | undefined {
	return (pod) => {
		if (snapshot.nominationOf(pod.key) === name) return undefined;
		const node = snapshot.node(name);
		if (!node?.node) return NO_NODE;
		return judge(pod, snapshot, FILTERS).on(node)?.plugin;
	};
}

/** Stands for a plugin where there is no node to judge. */
const NO_NODE = "NoNode";

/** What came of looking for pods that could make room: empty when some will. */
export function explain(refusal: Refusal, preemption = ""): string {
	if (refusal.nodes === 0) return "no nodes available to schedule pods";
	const tail = preemption && ` no new claims to deallocate, preemption: ${preemption}`;
	return `${reasonsOf(refusal)}${tail}`;
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.` */
export function reasonsOf(refusal: Pick<Refusal, "nodes" | "reasons"> & Partial<Refusal>): string {
	const { nodes, reasons, everywhere } = refusal;
	const parts =
		everywhere ??
		[...reasons]
			.map(([reason, count]) => `${count} ${reason}`)
			.sort()
			.join(", ");
	return `0/${nodes} nodes are available: ${parts}.`;
}

function createTally() {
	const reasons = new Map<string, number>();
	const refusedBy = new Set<string>();
	const mendable: NodeInfo[] = [];
	return {
		reasons,
		refusedBy,
		mendable,
		count: (node: NodeInfo, { plugin, objection }: Finding) => {
			refusedBy.add(plugin);
			for (const reason of objection.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
			if (!objection.isLasting) mendable.push(node);
		},
	};
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
