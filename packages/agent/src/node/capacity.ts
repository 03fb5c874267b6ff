/** What a host offers to pods. Pure. */
import type { RuntimeInfo } from "../runtime/runtime.ts";

export interface Disk {
	/** Bytes of the file system that containers and images live on. */
	readonly total: number;
}

export interface Capacity {
	readonly capacity: Readonly<Record<string, string>>;
	readonly allocatable: Readonly<Record<string, string>>;
}

/** The most that a /24 of addresses and a dockerd stand well. */
const PODS = 110;
const MEBI = 1024 * 1024;
/** Left to the host itself, as the kubelet leaves it before it evicts. */
const MEMORY_RESERVE = 100 * MEBI;
const DISK_RESERVE = 0.1;

export function capacityOf({ cpus, memory }: RuntimeInfo, disk: Disk): Capacity {
	const common = { cpu: `${cpus}`, pods: `${PODS}` };
	const kibi = (bytes: number) => `${Math.floor(Math.max(0, bytes) / 1024)}Ki`;
	return {
		capacity: { ...common, memory: kibi(memory), "ephemeral-storage": kibi(disk.total) },
		allocatable: {
			...common,
			memory: kibi(memory - MEMORY_RESERVE),
			"ephemeral-storage": `${Math.floor(disk.total * (1 - DISK_RESERVE))}`,
		},
	};
}
