/**
 * How low an OOM score this host lets containers have. Without CAP_SYS_RESOURCE (containers, some virtual machines) no
 * process gets below the score it inherits, and the engine would fail to start a container that asks for less.
 */
import { readFile } from "node:fs/promises";

const LOWEST = -1000;
const CAP_SYS_RESOURCE = 1n << 24n;

/** The agent stands for the engine here: both run as root of the same host. */
export async function lowestOomScore(): Promise<number> {
	const [status, score] = await Promise.all([
		readFile("/proc/self/status", "utf8"),
		readFile("/proc/self/oom_score_adj", "utf8"),
	]);
	const [, effective = "0"] = /^CapEff:\s*([0-9a-f]+)/m.exec(status) ?? [];
	return (BigInt(`0x${effective}`) & CAP_SYS_RESOURCE) !== 0n ? LOWEST : Number(score);
}
