/** One look at what everything on this host uses. The shapes that reports are written from. */
import type { ContainerInfo } from "../runtime/runtime.ts";
import type { CgroupUsage } from "./cgroup-usage.ts";
import type { FileSystemUsage, HostUsage } from "./host-usage.ts";
import type { InterfaceUsage } from "./network-usage.ts";

export interface ContainerSample {
	readonly info: ContainerInfo;
	/** Within its pod. */
	readonly name: string;
	/** Path of its control group, as the kernel spells it. */
	readonly cgroup: string;
	readonly usage: CgroupUsage;
	readonly cpuRate: CpuRate | undefined;
}

/** Undefined where there is nothing to compare with. */
export interface CpuRate {
	/** Nanoseconds of processor time in each second. */
	readonly nanoCores: number;
	/** Seconds over which that was so. */
	readonly window: number;
}

export interface PodSample {
	readonly namespace: string;
	readonly name: string;
	readonly uid: string;
	/** Milliseconds since the epoch, when its sandbox started. */
	readonly startedAt: number;
	/** Running ones, the sandbox left out. */
	readonly containers: readonly ContainerSample[];
	readonly sandbox: ContainerSample | undefined;
	/** Empty for pods on the host's network. */
	readonly interfaces: readonly InterfaceUsage[];
}

export interface HostSample {
	/** Milliseconds since the epoch. */
	readonly at: number;
	readonly usage: HostUsage;
	readonly cpuRate: CpuRate | undefined;
	readonly interfaces: readonly InterfaceUsage[];
	/** The file system of the agent's own directory, where volumes are. */
	readonly files: FileSystemUsage;
	/** That of the engine's images and containers. */
	readonly images: FileSystemUsage;
}

export interface Sample {
	readonly host: HostSample;
	readonly pods: readonly PodSample[];
}
