/** What a lab consists of: names, addresses and places, decided before anything is made. Pure. */
import { posix } from "node:path";

export interface LabRequest {
	/** Absent: the lab without a name. Named labs stand beside it. */
	readonly name?: string | undefined;
	/** Number of hosts beside `control`. */
	readonly hosts: number;
	/** First three octets of the lab's network: `10.89.0`. */
	readonly network: string;
	/** All labs' directory on this machine. */
	readonly stateDirectory: string;
	/** More options for `berth server`: `--node-grace-period=10s`. */
	readonly serverOptions?: readonly string[] | undefined;
	/** More options for `berth node` on every host: `--agent-config=/run/berth/code/FILE`, a file of this clone. */
	readonly nodeOptions?: readonly string[] | undefined;
}

export interface LabPlan {
	readonly request: LabRequest;
	readonly directory: string;
	/** This machine's own address on the lab's network, and its interface. */
	readonly gateway: string;
	readonly uplink: string;
	/** Network namespace of the switch that joins all hosts. */
	readonly switch: string;
	/** Control group of all its hosts, below each hierarchy's root. */
	readonly group: string;
	/** `control` first. */
	readonly hosts: readonly HostPlan[];
}

export interface HostPlan {
	readonly name: string;
	readonly role: "control" | "worker";
	readonly address: string;
	/** Network namespace, as in `ip netns`. */
	readonly netns: string;
	/** The switch's end of the host's cable. */
	readonly port: string;
	/** Path below each cgroup hierarchy's root. */
	readonly cgroup: string;
	/** Everything that survives the host's death. */
	readonly directory: string;
}

export const DAEMONS = ["docker", "agent", "server"] as const;
export type Daemon = (typeof DAEMONS)[number];

export const DEFAULT_STATE_DIRECTORY = "/var/lib/berth/lab";
export const API_PORT = 6443;
export const AGENT_PORT = 10_250;
const MAX_HOSTS = 200;
const UNNAMED = "default";

/** Throws RangeError when the request cannot be met. */
export function planLab(request: LabRequest): LabPlan {
	const { name, hosts, network, stateDirectory } = request;
	if (name === UNNAMED) throw new RangeError(`"${UNNAMED}" is what the lab without a name is filed under`);
	if (name !== undefined && !/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name)) {
		throw new RangeError(`a lab's name is up to 20 of a-z, 0-9 and "-", not "${name}"`);
	}
	if (!Number.isInteger(hosts) || hosts < 1 || hosts > MAX_HOSTS) {
		throw new RangeError(`a lab has 1 to ${MAX_HOSTS} hosts, not ${hosts}`);
	}
	const prefix = name === undefined ? "berth" : `berth-${name}`;
	const directory = posix.join(stateDirectory, name ?? UNNAMED);
	const group = `berth-${name ?? UNNAMED}`;
	const host = (hostName: string, role: HostPlan["role"], lastOctet: number): HostPlan => ({
		name: hostName,
		role,
		address: `${network}.${lastOctet}`,
		netns: `${prefix}-${hostName}`,
		port: hostName,
		cgroup: `${group}/${hostName}`,
		directory: posix.join(directory, "hosts", hostName),
	});
	return {
		request,
		directory,
		gateway: `${network}.1`,
		uplink: `berthlab${network.split(".")[2]}`,
		switch: `${prefix}-switch`,
		group,
		hosts: [
			host("control", "control", 10),
			...Array.from({ length: hosts }, (_, index) => host(`host-${index + 1}`, "worker", 11 + index)),
		],
	};
}

export function hostOf(plan: LabPlan, name: string): HostPlan {
	const host = plan.hosts.find((candidate) => candidate.name === name);
	if (host) return host;
	const known = plan.hosts.map((candidate) => candidate.name).join(", ");
	throw new RangeError(`the lab has no host "${name}"; it has ${known}`);
}

/** What runs on the host, in the order of starting. */
export function daemonsOf(host: HostPlan): readonly Daemon[] {
	return host.role === "control" ? ["server"] : ["docker", "agent"];
}

export function controlOf(plan: LabPlan): HostPlan {
	const control = plan.hosts.find((host) => host.role === "control");
	if (!control) throw new Error("this lab has no control host");
	return control;
}

export function workersOf(plan: LabPlan): readonly HostPlan[] {
	return plan.hosts.filter((host) => host.role === "worker");
}

/** The first free network of 10.89.0 … 10.89.255, given the addresses and ranges (`a.b.c.d[/n]`) in use on this machine. */
export function freeNetwork(inUse: readonly string[]): string {
	const taken = inUse.map(rangeOf);
	for (let third = 0; third < 256; third++) {
		const [first, last] = rangeOf(`10.89.${third}.0/24`);
		if (taken.every(([from, to]) => to < first || from > last)) return `10.89.${third}`;
	}
	throw new RangeError("no free network between 10.89.0.0/24 and 10.89.255.0/24 on this machine");
}

/** First and last address as numbers. The default route (/0) is no claim to anything. */
function rangeOf(range: string): readonly [number, number] {
	const [address = "", length = "32"] = range.split("/");
	const octets = address.split(".").map(Number);
	const bits = Number(length);
	if (octets.length !== 4 || octets.some(Number.isNaN) || bits === 0) return [-1, -1];
	const size = 2 ** (32 - bits);
	const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
	const first = Math.floor(number / size) * size;
	return [first, first + size - 1];
}
