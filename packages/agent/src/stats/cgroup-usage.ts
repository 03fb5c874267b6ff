/** What a control group has used, read from its files: no call to the container engine. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { missingAs } from "../steps/pod-directory.ts";
import type { CgroupPaths } from "./cgroup-paths.ts";

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
export async function readUsage(paths: CgroupPaths): Promise<CgroupUsage | undefined> {
	return paths.version === 2 ? readV2(paths) : readV1(paths);
}

/** An unlimited group of version 1 says the largest whole number of pages. */
const UNLIMITED = 2 ** 62;

async function readV1(paths: CgroupPaths): Promise<CgroupUsage | undefined> {
	const file = (controller: string, name: string) => textOf(paths.of(controller), name);
	const [total, throttling, usage, stat, limit, processes] = await Promise.all([
		file("cpuacct", "cpuacct.usage"),
		file("cpu", "cpu.stat"),
		file("memory", "memory.usage_in_bytes"),
		file("memory", "memory.stat"),
		file("memory", "memory.limit_in_bytes"),
		file("pids", "pids.current"),
	]);
	if (total === "" || usage === "") return undefined;
	const cpu = keyed(throttling);
	const memory = keyed(stat);
	const limited = Number(limit);
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
		processes: Number(processes),
	};
}

async function readV2(paths: CgroupPaths): Promise<CgroupUsage | undefined> {
	const file = (name: string) => textOf(paths.of(""), name);
	const [cpuStat, current, stat, limit, swap, processes] = await Promise.all(
		["cpu.stat", "memory.current", "memory.stat", "memory.max", "memory.swap.current", "pids.current"].map(
			file,
		),
	);
	if (!cpuStat) return undefined;
	const cpu = keyed(cpuStat);
	const memory = keyed(stat ?? "");
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
			swap: Number(swap ?? 0),
			limit: Number(limit) || 0,
			pageFaults: memory("pgfault"),
			majorPageFaults: memory("pgmajfault"),
		},
		processes: Number(processes ?? 0),
	};
}

async function textOf(directory: string | undefined, name: string): Promise<string> {
	return directory === undefined ? "" : (await missingAs(readFile(join(directory, name), "utf8"), "")).trim();
}

/** Lines of `KEY VALUE`; 0 for what is not there. */
function keyed(text: string): (key: string) => number {
	const values = new Map(text.split("\n").map((line) => line.split(" ") as [string, string]));
	return (key) => Number(values.get(key) ?? 0);
}
