/**
 * Who makes way when a pod that the cluster cannot do without finds no room on this host. Best-effort pods go before
 * burstable ones and these before guaranteed ones; of each class as few as possible, and of these the smallest. Pure.
 * Source: Guaranteed Scheduling For Critical Add-On Pods.
 */
import { type Pod, type PodRequests, podQosClass, podRequests } from "@berth/api";
import { isCritical } from "../pressure/rank.ts";
import type { Ending } from "./ending.ts";

/** What is missing of a resource, in the units of podRequests. */
export interface Shortage {
	readonly resource: string;
	readonly missing: number;
}

export const PREEMPTED: Ending = {
	reason: "Preempting",
	message: "Preempted in order to admit critical pod",
	disruption: "Pod was preempted by Kubelet to accommodate a critical pod",
};

const CLASSES = ["Guaranteed", "Burstable", "BestEffort"] as const;

/** Undefined when there would not be room without all whom this pod outranks. */
export function victimsFor(
	pod: Pod,
	shortages: readonly Shortage[],
	others: readonly Pod[],
): readonly Pod[] | undefined {
	const lesser = others.filter((other) => outranks(pod, other));
	if (remaining(shortages, lesser).length > 0) return undefined;
	const byClass = Map.groupBy(lesser, ({ spec }) => podQosClass(spec));
	let victims: readonly Pod[] = [];
	for (const [index, name] of CLASSES.entries()) {
		// Those of lower classes may go first; what they do not give this class has to.
		const lower = CLASSES.slice(index + 1).flatMap((each) => byClass.get(each) ?? []);
		const open = remaining(shortages, [...victims, ...lower]);
		victims = [...fewest(open, byClass.get(name) ?? []), ...victims];
	}
	return victims;
}

function outranks(pod: Pod, other: Pod): boolean {
	if (!isCritical(other)) return isCritical(pod);
	return (pod.spec.priority ?? 0) > (other.spec.priority ?? 0);
}

/** Takes whoever brings the most of what is missing, again and again; of two that bring as much, the smaller. */
function fewest(shortages: readonly Shortage[], pods: readonly Pod[]): readonly Pod[] {
	const taken: Pod[] = [];
	let open = shortages;
	let left = pods;
	while (open.length > 0 && left.length > 0) {
		const [best] = left.toSorted((a, b) => lackAfter(open, a) - lackAfter(open, b) || bySize(a, b));
		if (!best) break;
		taken.push(best);
		left = left.filter((each) => each !== best);
		open = remaining(open, [best]);
	}
	return taken;
}

/** How much would still be missing, each resource counting alike. */
const lackAfter = (open: readonly Shortage[], pod: Pod) =>
	remaining(open, [pod]).reduce((sum, { resource, missing }) => {
		const whole = open.find((each) => each.resource === resource)?.missing ?? missing;
		return sum + (missing / whole) ** 2;
	}, 0);

const remaining = (shortages: readonly Shortage[], gone: readonly Pod[]): readonly Shortage[] =>
	shortages
		.map(({ resource, missing }) => ({
			resource,
			missing: gone.reduce((left, { spec }) => left - amountOf(podRequests(spec), resource), missing),
		}))
		.filter(({ missing }) => missing > 0);

function bySize(a: Pod, b: Pod): number {
	const [one, other] = [podRequests(a.spec), podRequests(b.spec)];
	return one.memory - other.memory || one.cpu - other.cpu;
}

function amountOf(requests: PodRequests, resource: string): number {
	switch (resource) {
		case "pods":
			return 1;
		case "cpu":
			return requests.cpu;
		case "memory":
			return requests.memory;
		case "ephemeral-storage":
			return requests.ephemeral;
		default:
			return requests.others.get(resource) ?? 0;
	}
}
