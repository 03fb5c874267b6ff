/** Bytes and packets through the interfaces of a pod, from the kernel's own table. */
import { join } from "node:path";
import type { HostPaths } from "./cgroup-paths.ts";
import { readKernelFile } from "./kernel-file.ts";

/** Counts since the interface was made. */
export interface InterfaceUsage {
	readonly name: string;
	readonly rxBytes: number;
	readonly rxPackets: number;
	readonly rxErrors: number;
	readonly rxDropped: number;
	readonly txBytes: number;
	readonly txPackets: number;
	readonly txErrors: number;
	readonly txDropped: number;
}

/** Of the network namespace that a process is in; empty when the process is gone. */
export function readInterfaces(pid: number, host: HostPaths): readonly InterfaceUsage[] {
	return parseInterfaces(readKernelFile(join(host.proc, `${pid}`, "net/dev")));
}

/** `  eth0: RECEIVE × 8 TRANSMIT × 8`, after two lines of headings; the loopback interface is left out. Source: proc(5). */
export function parseInterfaces(text: string): readonly InterfaceUsage[] {
	return text
		.split("\n")
		.slice(2)
		.flatMap((line) => {
			const [name = "", counts = ""] = line.split(/:(.*)/s);
			if (name.trim() === "" || name.trim() === "lo") return [];
			const number = counts.trim().split(/\s+/).map(Number);
			return {
				name: name.trim(),
				rxBytes: number[0] ?? 0,
				rxPackets: number[1] ?? 0,
				rxErrors: number[2] ?? 0,
				rxDropped: number[3] ?? 0,
				txBytes: number[8] ?? 0,
				txPackets: number[9] ?? 0,
				txErrors: number[10] ?? 0,
				txDropped: number[11] ?? 0,
			};
		});
}
