import type { PodInfo } from "../cluster/pod-info.ts";
import type { FilterPlugin, Judge } from "../plugin.ts";

/** What a pod requests must be free on the node: never more is promised than there is. */
export const nodeResourcesFit: FilterPlugin = {
	name: "NodeResourcesFit",
	wakes: ["node-allocatable", "pod-gone", "pod-shrunk"],
	filter: fitOf,
};

function fitOf({ requests }: PodInfo): Judge {
	const others = [...requests.others].filter(([, amount]) => amount > 0);
	return ({ allocatable, used, pods }) => {
		const fits =
			pods.size < allocatable.pods &&
			requests.cpu <= allocatable.cpu - used.cpu &&
			requests.memory <= allocatable.memory - used.memory &&
			requests.ephemeral <= allocatable.ephemeral - used.ephemeral;
		if (fits && others.length === 0) return undefined;
		const reasons: string[] = [];
		if (pods.size >= allocatable.pods) reasons.push("Too many pods");
		// What is not requested is not missed, even on a node that promises too much already.
		if (requests.cpu > 0 && requests.cpu > allocatable.cpu - used.cpu) reasons.push("Insufficient cpu");
		if (requests.memory > 0 && requests.memory > allocatable.memory - used.memory)
			reasons.push("Insufficient memory");
		if (requests.ephemeral > 0 && requests.ephemeral > allocatable.ephemeral - used.ephemeral)
			reasons.push("Insufficient ephemeral-storage");
		for (const [resource, amount] of others) {
			const free = (allocatable.others.get(resource) ?? 0) - (used.others.get(resource) ?? 0);
			if (amount > free) reasons.push(`Insufficient ${resource}`);
		}
		if (reasons.length === 0) return undefined;
		// More than the whole node has: nobody there could make room for it.
		const isLasting =
			requests.cpu > allocatable.cpu ||
			requests.memory > allocatable.memory ||
			requests.ephemeral > allocatable.ephemeral ||
			others.some(([resource, amount]) => amount > (allocatable.others.get(resource) ?? 0));
		return { reasons, isLasting };
	};
}
