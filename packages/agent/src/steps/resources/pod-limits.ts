/** What all containers of a pod together weigh, and may use. Pure. Source: pod-level cgroups (KEP-2837), QoS classes. */
import { aggregateResources, type Pod, parseQuantity, podRequests, quantityValue } from "@berth/api";
import { quotaOf, sharesOf } from "./resources.ts";

export interface PodLimits {
	/** Relative weight, 1024 for a core. */
	readonly shares: number;
	/** Microseconds of a core within each 100 ms; absent: not limited. */
	readonly quota?: number | undefined;
	/** Bytes; absent: not limited. */
	readonly memory?: number | undefined;
	/** Processes and threads; absent: not limited. */
	readonly pids?: number | undefined;
	/** Bytes by page size, as Kubernetes writes it: `2Mi`. Pods that ask for none may have none. */
	readonly hugePages: ReadonlyMap<string, number>;
}

/** `pids` is the host's limit for each pod; -1 or 0: none. */
export function podLimits({ spec }: Pod, { pids }: { readonly pids: number }): PodLimits {
	const own = spec.resources?.limits ?? {};
	const all = [...spec.containers, ...(spec.initContainers ?? [])].map(
		({ resources }) => resources?.limits ?? {},
	);
	const together = aggregateResources(spec, ({ resources }) => resources?.limits);
	/** The whole is limited by what is said for it, or when each of its parts is. */
	const limitOf = (name: string): string | undefined => {
		if (own[name] !== undefined) return own[name];
		return all.every((limits) => limits[name] !== undefined) ? together[name] : undefined;
	};
	const cpu = limitOf("cpu");
	const memory = limitOf("memory");
	const { overhead = {} } = spec;
	const hugePages = Object.keys({ ...together, ...own }).filter((name) => name.startsWith(HUGE_PAGES));
	return {
		shares: sharesOf(`${podRequests(spec).cpu}m`),
		...(cpu !== undefined && { quota: quotaOf(cpu) + (overhead.cpu ? quotaOf(overhead.cpu) : 0) }),
		...(memory !== undefined && { memory: quantityValue(memory) + quantityValue(overhead.memory ?? "0") }),
		...(pids > 0 && { pids }),
		hugePages: new Map(
			hugePages.map((name) => [
				name.slice(HUGE_PAGES.length),
				quantityValue(own[name] ?? together[name] ?? "0"),
			]),
		),
	};
}

const HUGE_PAGES = "hugepages-";

/** Page size as the kernel's control groups write it: `2Mi` is `2MB`, `1Gi` is `1GB`. */
export function kernelPageSize(size: string): string {
	const kibi = Number(parseQuantity(size) / 1_000_000_000n) / 1024;
	if (kibi >= 1024 * 1024) return `${kibi / (1024 * 1024)}GB`;
	return kibi >= 1024 ? `${kibi / 1024}MB` : `${kibi}KB`;
}

/** File of the kernel, by controller, and what is written there. */
export type GroupFiles = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function filesV1({ shares, quota, memory, pids, hugePages }: PodLimits): GroupFiles {
	return {
		cpu: { "cpu.shares": `${shares}`, "cpu.cfs_quota_us": `${quota ?? -1}` },
		memory: { "memory.limit_in_bytes": `${memory ?? -1}` },
		pids: { "pids.max": pids === undefined ? "max" : `${pids}` },
		hugetlb: Object.fromEntries(
			[...hugePages].map(([size, bytes]) => [`hugetlb.${kernelPageSize(size)}.limit_in_bytes`, `${bytes}`]),
		),
	};
}

/** All in the one group of version 2. */
export function filesV2({
	shares,
	quota,
	memory,
	pids,
	hugePages,
}: PodLimits): Readonly<Record<string, string>> {
	return {
		// From the old scale, 2 to 262144, to the new one, 1 to 10000, as runc does it.
		"cpu.weight": `${Math.floor(1 + ((shares - 2) * 9999) / 262_142)}`,
		"cpu.max": `${quota ?? "max"} 100000`,
		"memory.max": `${memory ?? "max"}`,
		"pids.max": `${pids ?? "max"}`,
		...Object.fromEntries(
			[...hugePages].map(([size, bytes]) => [`hugetlb.${kernelPageSize(size)}.max`, `${bytes}`]),
		),
	};
}

/** Of two values of a file the one that lets more through: the larger; none (`max`, or -1 on version 1) above all. */
export function widest(a: string, b: string): string {
	const amount = (value: string) => {
		const number = Number(value.split(" ")[0]);
		return number >= 0 ? number : Number.POSITIVE_INFINITY;
	};
	return amount(a) > amount(b) ? a : b;
}
