/** Requests and limits in the kernel's terms. Pure. */
import { type Container, isSidecar, type Pod, podQosClass, quantityMilli, quantityValue } from "@berth/api";
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
		oomScore: oomScore(pod, container, nodeMemory),
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

/**
 * The less of the host's memory a container asked for, the sooner it is killed when it takes more; a sidecar no sooner than
 * those it serves. Source: Node out of memory behavior.
 */
function oomScore({ spec }: Pod, container: Container, nodeMemory: number): number {
	if (spec.priorityClassName === "system-node-critical") return GUARANTEED_SCORE;
	const scoreOf = ({ resources }: Container) =>
		1000 - Math.floor((1000 * quantityValue(resources?.requests?.memory ?? "0")) / Math.max(nodeMemory, 1));
	switch (podQosClass(spec)) {
		case "Guaranteed":
			return GUARANTEED_SCORE;
		case "BestEffort":
			return BEST_EFFORT_SCORE;
		default: {
			const served = isSidecar(container) ? Math.max(...spec.containers.map(scoreOf)) : BEST_EFFORT_SCORE;
			const score = Math.min(scoreOf(container), served);
			return Math.min(Math.max(score, 1000 + GUARANTEED_SCORE), BEST_EFFORT_SCORE - 1);
		}
	}
}
