/** What a control group has used, read from its files: no call to the container engine. */
import { join } from "node:path";
import type { CgroupPaths } from "./cgroup-paths.ts";
import { readKernelFile } from "./kernel-file.ts";

export interface CpuUsage {
	/** Nanoseconds of processor time since the group was made. */
	readonly total: number;
	/** Periods of the limit that have passed, and those in which it held the group back. */
	readonly periods: number;
	readonly throttledPeriods: number;
	/** Nanoseconds. */
	readonly throttled: number;
}

/** Bytes, and counts of faults. */
export interface MemoryUsage {
	readonly usage: number;
	/** What cannot be given back easily: usage without inactive file pages. The kubelet evicts by it. */
	readonly workingSet: number;
	readonly rss: number;
	readonly cache: number;
	readonly swap: number;
	/** 0: not limited. */
	readonly limit: number;
	readonly pageFaults: number;
	readonly majorPageFaults: number;
}

export interface CgroupUsage {
	readonly cpu: CpuUsage;
	readonly memory: MemoryUsage;
	readonly processes: number;
}

/** Undefined when the group is gone. */
export function readUsage(paths: CgroupPaths): CgroupUsage | undefined {
	return paths.version === 2 ? readV2(paths) : readV1(paths);
}

/** Nanoseconds of processor time since the group was made; undefined when it is gone. */
export function readCpuTotal(paths: CgroupPaths): number | undefined {
	if (paths.version === 1) {
		const total = textOf(paths.of("cpuacct"), "cpuacct.usage");
		return total === "" ? undefined : Number(total);
	}
	const stat = textOf(paths.of(""), "cpu.stat");
	return stat === "" ? undefined : keyed(stat)("usage_usec") * 1000;
}

/** An unlimited group of version 1 says the largest whole number of pages. */
const UNLIMITED = 2 ** 62;

function readV1(paths: CgroupPaths): CgroupUsage | undefined {
	const file = (controller: string, name: string) => textOf(paths.of(controller), name);
	const total = file("cpuacct", "cpuacct.usage");
	const usage = file("memory", "memory.usage_in_bytes");
	if (total === "" || usage === "") return undefined;
	const cpu = keyed(file("cpu", "cpu.stat"));
	const memory = keyed(file("memory", "memory.stat"));
	const limited = Number(file("memory", "memory.limit_in_bytes"));
	return {
		cpu: {
			total: Number(total),
			periods: cpu("nr_periods"),
			throttledPeriods: cpu("nr_throttled"),
			throttled: cpu("throttled_time"),
		},
		memory: {
			usage: Number(usage),
			workingSet: Math.max(0, Number(usage) - memory("total_inactive_file")),
			rss: memory("total_rss"),
			cache: memory("total_cache"),
			swap: memory("total_swap"),
			limit: limited < UNLIMITED ? limited : 0,
			pageFaults: memory("total_pgfault"),
			majorPageFaults: memory("total_pgmajfault"),
		},
		processes: Number(file("pids", "pids.current")),
	};
}

function readV2(paths: CgroupPaths): CgroupUsage | undefined {
	const file = (name: string) => textOf(paths.of(""), name);
	const cpuStat = file("cpu.stat");
	if (!cpuStat) return undefined;
	const cpu = keyed(cpuStat);
	const memory = keyed(file("memory.stat"));
	const current = file("memory.current");
	// The root group has no memory.current: anonymous and file pages are what it uses.
	const usage = current ? Number(current) : memory("anon") + memory("file");
	return {
		cpu: {
			total: cpu("usage_usec") * 1000,
			periods: cpu("nr_periods"),
			throttledPeriods: cpu("nr_throttled"),
			throttled: cpu("throttled_usec") * 1000,
		},
		memory: {
			usage,
			workingSet: Math.max(0, usage - memory("inactive_file")),
			rss: memory("anon"),
			cache: memory("file"),
			swap: Number(file("memory.swap.current")),
			limit: Number(file("memory.max")) || 0,
			pageFaults: memory("pgfault"),
			majorPageFaults: memory("pgmajfault"),
		},
		processes: Number(file("pids.current")),
	};
}

const textOf = (directory: string | undefined, name: string): string =>
	directory === undefined ? "" : readKernelFile(join(directory, name)).trim();

/** Lines of `KEY VALUE`; 0 for what is not there. */
function keyed(text: string): (key: string) => number {
	const values = new Map(text.split("\n").map((line) => line.split(" ") as [string, string]));
	return (key) => Number(values.get(key) ?? 0);
}
