/** What the whole host uses. */
import { readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { HostPaths } from "./cgroup-paths.ts";
import type { MemoryUsage } from "./cgroup-usage.ts";

export interface HostUsage {
	/** Nanoseconds of processor time since the host started. */
	readonly cpu: number;
	readonly memory: Omit<MemoryUsage, "limit"> & { readonly available: number; readonly total: number };
	readonly processes: { readonly running: number; readonly most: number };
	/** Milliseconds since the epoch. */
	readonly startedAt: number;
}

/** `/proc/stat` counts in hundredths of a second on every Linux. */
const TICK = 10_000_000;

export async function readHost({ proc }: HostPaths): Promise<HostUsage> {
	const read = (name: string) => readFile(join(proc, name), "utf8");
	const [stat, meminfo, vmstat, loadavg, pidMax] = await Promise.all(
		["stat", "meminfo", "vmstat", "loadavg", "sys/kernel/pid_max"].map(read),
	);
	return parseHost({
		stat: stat ?? "",
		meminfo: meminfo ?? "",
		vmstat: vmstat ?? "",
		loadavg: loadavg ?? "",
		pidMax: pidMax ?? "",
	});
}

/** Texts of the files of that name in /proc. Source: proc(5). */
export function parseHost(
	texts: Record<"stat" | "meminfo" | "vmstat" | "loadavg" | "pidMax", string>,
): HostUsage {
	const field = (text: string, name: string) =>
		Number(new RegExp(`^${name}:?\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
	const kibi = (name: string) => field(texts.meminfo, name) * 1024;
	const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
		/^cpu\s+(.*)$/m.exec(texts.stat)?.[1] ?? ""
	)
		.split(" ")
		.map(Number);
	const total = kibi("MemTotal");
	const usage = total - kibi("MemFree");
	return {
		cpu: (user + nice + system + irq + softirq) * TICK,
		memory: {
			total,
			usage,
			workingSet: Math.max(0, usage - kibi("Inactive\\(file\\)")),
			available: kibi("MemAvailable"),
			rss: kibi("AnonPages"),
			cache: kibi("Cached"),
			swap: kibi("SwapTotal") - kibi("SwapFree"),
			pageFaults: field(texts.vmstat, "pgfault"),
			majorPageFaults: field(texts.vmstat, "pgmajfault"),
		},
		processes: {
			running: Number(/\/(\d+)/.exec(texts.loadavg)?.[1] ?? 0),
			most: Number(texts.pidMax),
		},
		startedAt: field(texts.stat, "btime") * 1000,
	};
}

/** Bytes and inodes. */
export interface FileSystemUsage {
	readonly capacity: number;
	readonly available: number;
	readonly used: number;
	readonly inodes: number;
	readonly inodesFree: number;
}

/** Of the file system that holds `path`. */
export async function readFileSystem(path: string): Promise<FileSystemUsage> {
	const { bsize, blocks, bavail, bfree, files, ffree } = await statfs(path);
	return {
		capacity: blocks * bsize,
		available: bavail * bsize,
		used: (blocks - bfree) * bsize,
		inodes: files,
		inodesFree: ffree,
	};
}
