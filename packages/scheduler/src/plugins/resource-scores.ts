/** Where there is most room, and where CPU and memory are used up evenly. */
import type { NodeInfo } from "../cluster/node-info.ts";
import type { PodInfo } from "../cluster/pod-info.ts";
import type { ScorePlugin } from "../plugin.ts";

/** The share of CPU and memory that stays free, on average. */
export const leastAllocated: ScorePlugin = {
	name: "NodeResourcesLeastAllocated",
	weight: 1,
	score: (pod, _snapshot, nodes) =>
		nodes.map((node) => {
			const { cpu, memory } = sharesWith(pod, node);
			return 100 * (1 - (cpu + memory) / 2);
		}),
};

/** A node whose memory is full while its CPU is idle takes nothing more: even use leaves room for more pods. */
export const balancedAllocation: ScorePlugin = {
	name: "NodeResourcesBalancedAllocation",
	weight: 1,
	score: (pod, _snapshot, nodes) =>
		nodes.map((node) => {
			const { cpu, memory } = sharesWith(pod, node);
			return 100 * (1 - Math.abs(cpu - memory) / 2);
		}),
};

/** Shares of the node that would be taken with the pod on it, at most 1. */
function sharesWith(pod: PodInfo, { weight, allocatable }: NodeInfo) {
	return {
		cpu: share(weight.cpu + pod.weight.cpu, allocatable.cpu),
		memory: share(weight.memory + pod.weight.memory, allocatable.memory),
	};
}

const share = (taken: number, whole: number) => (whole > 0 ? Math.min(1, taken / whole) : 1);
