/** What pods leave on a host when they are not cleaned up after: counted through a shell on it. */

export interface HostTraces {
	readonly containers: number;
	readonly veths: number;
	readonly rules: number;
	readonly addresses: number;
	readonly mounts: number;
	readonly directories: number;
	readonly groups: number;
}

const COUNTS: Readonly<Record<keyof HostTraces, string>> = {
	containers: "docker ps -aq",
	veths: "ip -o link show type veth",
	rules: "iptables-save | grep '^-A'",
	addresses: "find /var/lib/berth/agent/addresses -name '1*.*'",
	mounts: "cat /proc/self/mounts",
	directories: "ls /var/lib/berth/agent/pods",
	groups: "find /sys/fs/cgroup -type d -name '*pod*'",
};

/** `shell` runs a script on the host and answers what it prints. */
export async function hostTraces(shell: (script: string) => Promise<string>): Promise<HostTraces> {
	const script = Object.values(COUNTS)
		.map((listing) => `(${listing}) | wc -l`)
		.join("; ");
	const counts = (await shell(script)).trim().split(/\s+/).map(Number);
	return Object.fromEntries(
		Object.keys(COUNTS).map((name, index) => [name, counts[index]]),
	) as unknown as HostTraces;
}
