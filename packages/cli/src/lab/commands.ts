/** The command lines that make and enter hosts. Pure: what they do happens elsewhere. */
import type { Command } from "../machine/run.ts";
import type { HostPlan, LabPlan } from "./plan.ts";

/** The network that joins the hosts: a bridge in a namespace of its own, out of reach of this machine's filter rules. */
export function makeSwitch(plan: LabPlan): readonly Command[] {
	return [
		["ip", "netns", "add", plan.switch],
		["ip", "-n", plan.switch, "link", "set", "lo", "up"],
		["ip", "-n", plan.switch, "link", "add", "br0", "type", "bridge", "forward_delay", "0"],
		["ip", "-n", plan.switch, "link", "set", "br0", "up"],
		["ip", "link", "add", plan.uplink, "type", "veth", "peer", "name", "uplink", "netns", plan.switch],
		// Says whose it is: another lab must not take it for its own.
		["ip", "link", "set", plan.uplink, "alias", plan.switch],
		["ip", "-n", plan.switch, "link", "set", "uplink", "master", "br0", "up"],
		["ip", "address", "add", `${plan.gateway}/24`, "dev", plan.uplink],
		["ip", "link", "set", plan.uplink, "up"],
	];
}

/** A network namespace for the host with a cable to the switch. */
export function plugIn(plan: LabPlan, host: HostPlan): readonly Command[] {
	const cable = ["type", "veth", "peer", "name", host.port, "netns", plan.switch];
	return [
		["ip", "netns", "add", host.netns],
		["ip", "-n", host.netns, "link", "set", "lo", "up"],
		["ip", "-n", host.netns, "link", "add", "eth0", ...cable],
		["ip", "-n", host.netns, "address", "add", `${host.address}/24`, "dev", "eth0"],
		["ip", "-n", host.netns, "link", "set", "eth0", "up"],
		["ip", "-n", host.netns, "route", "add", "default", "via", plan.gateway],
		["ip", "-n", plan.switch, "link", "set", host.port, "master", "br0", "up"],
	];
}

/** Pulls the host's cable, or puts it back. */
export function setCable(plan: LabPlan, host: HostPlan, state: "up" | "down"): Command {
	return ["ip", "-n", plan.switch, "link", "set", host.port, state];
}

export interface BootOptions {
	readonly host: HostPlan;
	/** Directories of the host's control group, and of its first process's, in the same order. */
	readonly groups: readonly string[];
	readonly initGroups: readonly string[];
	readonly script: string;
	/** The clone that the host's daemons run from. */
	readonly code: string;
}

/**
 * Starts the host's first process. The control group namespace comes first and from within the host's group, since its
 * root is where its maker stands; then the process moves down, so that the group itself holds none.
 */
export function boot({ host, groups, initGroups, script, code }: BootOptions): Command {
	const namespaces = ["--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"];
	return joining(groups, [
		"unshare",
		"--cgroup",
		...joining(initGroups, [
			"nsenter",
			`--net=/run/netns/${host.netns}`,
			"unshare",
			...namespaces,
			script,
			host.name,
			host.directory,
			code,
		]),
	]);
}

/** Runs a command in all of a host's namespaces, and in one of its control groups. `init` is its first process. */
export function enter(init: number, groups: readonly string[], command: Command): Command {
	const namespaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"];
	return joining(groups, ["nsenter", `--target=${init}`, ...namespaces, ...command]);
}

function joining(groups: readonly string[], command: Command): Command {
	const join = 'for group in $0; do echo $$ >"$group/cgroup.procs"; done; exec "$@"';
	return ["sh", "-c", join, groups.join(" "), ...command];
}
