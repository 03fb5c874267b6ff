/** A host's life: cable in, boot, kill. What a host is doing is read from the kernel, never remembered. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import {
	delegateTo,
	directoriesOf,
	killGroup,
	makeGroup,
	processesOf,
	removeGroup,
} from "../machine/cgroups.ts";
import type { Command } from "../machine/run.ts";
import { run, runDetached } from "../machine/run.ts";
import { boot, enter, plugIn, setCable } from "./commands.ts";
import type { HostPlan, LabPlan } from "./plan.ts";
import { processFacts } from "./processes.ts";

/** The group of a host's processes of one sort: its first process, a daemon, or what people run there. */
export function groupOf(host: HostPlan, sort: string): string {
	return `${host.cgroup}/system/${sort}`;
}

/** The host's first process, by this machine's numbers; undefined while the host is down. */
export function initOf(host: HostPlan): number | undefined {
	return processesOf(groupOf(host, "init")).find((pid) => {
		const facts = processFacts(pid);
		return facts?.numbers.length === 2 && facts.numbers[1] === 1 && !facts.zombie;
	});
}

/** Boots the host and answers when its namespaces are furnished. Harmless when it is up. */
export async function bootHost(plan: LabPlan, host: HostPlan): Promise<void> {
	if (isUp(host)) return;
	await killHost(plan, host);
	furnish(plan, host);
	for (const command of plugIn(plan, host)) await run(command);

	makeGroup(groupOf(host, "init"));
	const groups = directoriesOf(host.cgroup);
	const initGroups = directoriesOf(groupOf(host, "init"));
	const log = openSync(join(host.directory, "log", "init.log"), "a");
	const script = join(import.meta.dirname, "host-init.sh");
	const roots = directoriesOf("");
	await runDetached(boot({ host, groups, initGroups, script, code: cloneRoot }), log, {
		...daemonEnvironment(),
		BERTH_CGROUPS: roots.map((root, index) => `${root.replace(/\/$/, "")}:${groups[index]}`).join(" "),
	});
	closeSync(log);
	const deadline = Date.now() + 10_000;
	while (!isUp(host)) {
		if (Date.now() > deadline)
			throw new Error(`${host.name} did not boot; see ${host.directory}/log/init.log`);
		await sleep(10);
	}
	delegateTo(groupOf(host, "init"));
}

/** As a power cut would: every process at once, and with them all that only memory held. Harmless when it is down. */
export async function killHost(plan: LabPlan, host: HostPlan): Promise<void> {
	const init = initOf(host);
	if (init !== undefined) process.kill(init, "SIGKILL");
	await killGroup(host.cgroup);
	await removeGroup(host.cgroup);
	// The cable goes first: the kernel takes its time over a namespace, and the port's name is needed again.
	await attempt(["ip", "-n", plan.switch, "link", "delete", host.port]);
	if (existsSync(`/run/netns/${host.netns}`)) await run(["ip", "netns", "delete", host.netns]);
}

export function isUp(host: HostPlan): boolean {
	const init = initOf(host);
	return init !== undefined && existsSync(`/proc/${init}/root/run/berth/booted`);
}

/** Pulls the host's network cable, or puts it back. */
export async function setCableOf(plan: LabPlan, host: HostPlan, state: "up" | "down"): Promise<void> {
	await run(setCable(plan, host, state));
}

/** The command line that runs a command inside the host, in the group of its sort. Throws when the host is down. */
export function inside(host: HostPlan, sort: string, command: Command): Command {
	const init = initOf(host);
	if (init === undefined) throw new Error(`${host.name} is down; "berth lab start ${host.name}" starts it`);
	makeGroup(groupOf(host, sort));
	return enter(init, directoriesOf(groupOf(host, sort)), command);
}

/** What daemons get to see of the environment that the lab was made in. */
export function daemonEnvironment(): NodeJS.ProcessEnv {
	return {
		PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		HOME: "/root",
		LANG: "C.UTF-8",
	};
}

/** The clone that this file is part of, which hosts see as /run/berth/code. */
export const cloneRoot = join(import.meta.dirname, "../../../..");

/** The host's private files and directories, kept as they are when it has been up before. */
function furnish(plan: LabPlan, host: HostPlan): void {
	for (const part of ["etc/cni", "docker", "berth", "cni", "log"]) {
		mkdirSync(join(host.directory, part), { recursive: true });
	}
	mkdirSync(join(host.directory, "tmp"), { recursive: true });
	chmodSync(join(host.directory, "tmp"), 0o1777);
	const names = plan.hosts.map(({ address, name }) => `${address}\t${name}\n`).join("");
	writeFileSync(join(host.directory, "etc/hostname"), `${host.name}\n`);
	writeFileSync(
		join(host.directory, "etc/hosts"),
		`127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n${names}`,
	);
	const resolver = join(host.directory, "etc/resolv.conf");
	if (!existsSync(resolver)) writeFileSync(resolver, "# The lab's network leads to no name server.\n");
}

async function attempt(command: Command): Promise<void> {
	await run(command).catch(() => undefined);
}
