/** What the kernel says of a process. Answers are undefined for one that is gone. */
import { readFileSync } from "node:fs";

export interface ProcessFacts {
	readonly pid: number;
	/** Its number in each PID namespace, from this one inwards. */
	readonly numbers: readonly number[];
	readonly parent: number;
	/** The program's short name. */
	readonly name: string;
	readonly zombie: boolean;
}

export function processFacts(pid: number): ProcessFacts | undefined {
	try {
		return factsOf(pid, readFileSync(`/proc/${pid}/status`, "utf8"));
	} catch {
		return undefined;
	}
}

/** From the text of /proc/PID/status. */
export function factsOf(pid: number, status: string): ProcessFacts {
	const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "";
	return {
		pid,
		numbers: field("NSpid").split(/\s+/).map(Number),
		parent: Number(field("PPid")),
		name: field("Name"),
		zombie: field("State").startsWith("Z"),
	};
}
