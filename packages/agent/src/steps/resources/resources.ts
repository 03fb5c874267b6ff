/** Requests and limits in the kernel's terms. Pure. */
import { type Container, type Pod, podQosClass, quantityMilli, quantityValue } from "@berth/api";
import type { Limits, Resources } from "../../runtime/container-spec.ts";

/** What one has that asks for nothing. */
export const LEAST_SHARES = 2;
const MOST_SHARES = 262_144;
const LEAST_QUOTA = 1_000;
/** Guaranteed pods are killed for memory after all others, BestEffort ones before. */
const GUARANTEED_SCORE = -997;
const BEST_EFFORT_SCORE = 1000;

/** `nodeMemory` in bytes. */
export function resourcesOf(pod: Pod, container: Container, nodeMemory: number): Resources {
	return {
		...limitsOf(container),
		oomScore: oomScore(pod, container.resources?.requests?.memory, nodeMemory),
	};
}

/** What may change while the container runs. A limit of nothing is none. */
export function limitsOf({ resources }: Container): Limits & { readonly cpuShares: number } {
	const { requests = {}, limits = {} } = resources ?? {};
	return {
		cpuShares: sharesOf(requests.cpu ?? limits.cpu),
		cpuQuota: limits.cpu && quantityMilli(limits.cpu) > 0 ? quotaOf(limits.cpu) : undefined,
		memory: (limits.memory && quantityValue(limits.memory)) || undefined,
	};
}

/** Relative weight of an amount of processor time: 1024 for each core. */
export function sharesOf(cpu: string | undefined): number {
	const shares = Math.floor((quantityMilli(cpu ?? "0") * 1024) / 1000);
	return Math.min(Math.max(shares, LEAST_SHARES), MOST_SHARES);
}

/** Microseconds within each 100 ms. */
export const quotaOf = (cpu: string): number => Math.max(quantityMilli(cpu) * 100, LEAST_QUOTA);

/** The less of the host's memory a container asked for, the sooner it is killed when it takes more. */
function oomScore({ spec }: Pod, memory: string | undefined, nodeMemory: number): number {
	switch (podQosClass(spec)) {
		case "Guaranteed":
			return GUARANTEED_SCORE;
		case "BestEffort":
			return BEST_EFFORT_SCORE;
		default: {
			const share = nodeMemory > 0 ? quantityValue(memory ?? "0") / nodeMemory : 0;
			const score = Math.floor(1000 - 1000 * share);
			return Math.min(Math.max(score, 1000 + GUARANTEED_SCORE), BEST_EFFORT_SCORE - 1);
		}
	}
}
