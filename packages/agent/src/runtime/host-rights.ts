/**
 * What this host lets containers have at most. Without some capability (inside containers, on some virtual machines) no
 * process gets it, and the engine would fail to start a container that asks for it.
 */
import { readFile } from "node:fs/promises";

export interface HostRights {
	/** No container gets a lower OOM score. */
	readonly lowestOomScore: number;
	/** What there is to give to privileged containers where the host has less than everything; absent: everything. */
	readonly capabilities?: readonly string[] | undefined;
}

export const ALL_RIGHTS: HostRights = { lowestOomScore: -1000 };

/** In the order of their numbers, capabilities(7), as far as engines before Docker 23 know them. */
const CAPABILITIES =
	`CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
	NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT
	SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP
	MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ`.split(/\s+/);

/** The agent stands for the engine here: both run as root of the same host. */
export async function hostRights(): Promise<HostRights> {
	const [status, score, last] = await Promise.all([
		readFile("/proc/self/status", "utf8"),
		readFile("/proc/self/oom_score_adj", "utf8"),
		readFile("/proc/sys/kernel/cap_last_cap", "utf8"),
	]);
	return rightsOf({ status, score: Number(score), last: Number(last) });
}

interface Self {
	/** /proc/self/status. */
	readonly status: string;
	/** OOM score that is inherited: without SYS_RESOURCE nothing gets below it. */
	readonly score: number;
	/** Number of the kernel's last capability. */
	readonly last: number;
}

export function rightsOf({ status, score, last }: Self): HostRights {
	const [, mask = "0"] = /^CapBnd:\s*([0-9a-f]+)/m.exec(status) ?? [];
	const known = CAPABILITIES.slice(0, last + 1);
	const held = known.filter((_name, number) => (BigInt(`0x${mask}`) >> BigInt(number)) & 1n);
	return {
		lowestOomScore: held.includes("SYS_RESOURCE") ? ALL_RIGHTS.lowestOomScore : score,
		...(held.length < known.length && { capabilities: held }),
	};
}
