/** What a host offers to pods. Pure. Source: Reserve Compute Resources for System Daemons. */
import { compareQuantities, formatQuantity, type Node, parseQuantity } from "@berth/api";
import type { KubeletConfiguration } from "../config/kubelet-configuration.ts";
import { thresholdsOf } from "../pressure/thresholds.ts";
import type { RuntimeInfo } from "../runtime/runtime.ts";

/** What the host has. */
export interface HostSize extends Pick<RuntimeInfo, "cpus" | "memory"> {
	/** Bytes of the file system that containers and images live on. */
	readonly disk: number;
	/** Bytes by page size, `2Mi`. */
	readonly hugePages: ReadonlyMap<string, number>;
}

export interface Capacity {
	readonly capacity: Readonly<Record<string, string>>;
	readonly allocatable: Readonly<Record<string, string>>;
}

/** `known` may have resources that others added: devices, licences. They are kept, all of them for pods. */
export function capacityOf(
	size: HostSize,
	configuration: KubeletConfiguration,
	known: Node | undefined,
): Capacity {
	const kibi = (bytes: number) => `${Math.floor(bytes / 1024)}Ki`;
	const extended = extendedOf(known);
	const huge = Object.fromEntries(
		[...size.hugePages].map(([pages, bytes]) => [
			`hugepages-${pages}`,
			formatQuantity(nano(bytes), "BinarySI"),
		]),
	);
	const { maxPods = 0, podsPerCore = 0 } = configuration;
	const pods = `${podsPerCore > 0 ? Math.min(maxPods, podsPerCore * size.cpus) : maxPods}`;
	const { kubeReserved = {}, systemReserved = {} } = configuration;
	const reserved = (name: string) =>
		parseQuantity(kubeReserved[name] ?? "0") + parseQuantity(systemReserved[name] ?? "0");
	const least = (bigints: bigint) => (bigints > 0n ? bigints : 0n);
	const pages = [...size.hugePages.values()].reduce((sum, bytes) => sum + bytes, 0);
	const memory = size.memory - pages - evictedBelow(configuration, "memory.available", size.memory);
	const disk = size.disk - evictedBelow(configuration, "nodefs.available", size.disk);
	return {
		capacity: {
			cpu: `${size.cpus}`,
			pods,
			memory: kibi(size.memory),
			"ephemeral-storage": kibi(size.disk),
			...huge,
			...extended,
		},
		allocatable: {
			cpu: formatQuantity(least(nano(size.cpus) - reserved("cpu")), "DecimalSI"),
			pods,
			memory: kibi(Number(least(nano(memory) - reserved("memory")) / 1_000_000_000n)),
			"ephemeral-storage": `${least(nano(disk) - reserved("ephemeral-storage")) / 1_000_000_000n}`,
			...huge,
			...extended,
		},
	};
}

const nano = (units: number): bigint => BigInt(Math.max(0, Math.floor(units))) * 1_000_000_000n;

/** What is never used up: pods are evicted before. */
function evictedBelow(configuration: KubeletConfiguration, signal: string, capacity: number): number {
	const threshold = thresholdsOf(configuration).find((each) => each.hard && each.signal === signal);
	if (!threshold) return 0;
	return "amount" in threshold.value ? threshold.value.amount : Math.ceil(threshold.value.share * capacity);
}

/** Names with a domain that is not Kubernetes' own. */
function extendedOf(known: Node | undefined): Readonly<Record<string, string>> {
	const entries = Object.entries(known?.status?.capacity ?? {});
	return Object.fromEntries(
		entries.filter(([name, amount]) => {
			const domain = name.includes("/") ? (name.split("/")[0] ?? "") : "kubernetes.io";
			return !/(?:^|\.)kubernetes\.io$/.test(domain) && compareQuantities(amount, "0") >= 0;
		}),
	);
}
