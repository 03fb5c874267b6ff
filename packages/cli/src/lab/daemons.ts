/** The daemons of a host: Docker, the agent, the control plane. Started into the host, found again by control group. */
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { processesOf } from "../machine/cgroups.ts";
import { listeningPorts } from "../machine/listening-ports.ts";
import { pingDocker } from "../machine/ping-docker.ts";
import type { Command } from "../machine/run.ts";
import { run } from "../machine/run.ts";
import { daemonEnvironment, groupOf, initOf, inside } from "./host.ts";
import type { Daemon, HostPlan } from "./plan.ts";
import { processFacts } from "./processes.ts";

export function logFile(host: HostPlan, daemon: Daemon): string {
	return join(host.directory, "log", `${daemon}.log`);
}

/** Starts the daemon unless it runs already. Its output is added to its log. */
export async function startDaemon(host: HostPlan, daemon: Daemon, command: Command): Promise<void> {
	if (isRunning(host, daemon)) return;
	const log = openSync(logFile(host, daemon), "a");
	try {
		// A session of its own, adopted by the host's first process: nothing ties it to whoever started it.
		await run(inside(host, daemon, ["setsid", "--fork", ...command]), {
			stdio: ["ignore", log, log],
			env: daemonEnvironment(),
			cwd: "/",
		});
	} finally {
		closeSync(log);
	}
}

/** Signals the daemon and waits until it is gone, without grace after `patience` milliseconds. */
export async function stopDaemon(
	host: HostPlan,
	daemon: Daemon,
	{ signal, patience = 60_000 }: { signal: NodeJS.Signals; patience?: number },
): Promise<void> {
	for (const pid of daemonProcesses(host, daemon)) kill(pid, signal);
	const deadline = Date.now() + patience;
	while (isRunning(host, daemon)) {
		if (Date.now() > deadline) for (const pid of daemonProcesses(host, daemon)) kill(pid, "SIGKILL");
		await sleep(20);
	}
}

export function isRunning(host: HostPlan, daemon: Daemon): boolean {
	return daemonProcesses(host, daemon).length > 0;
}

/** True once the host's Docker answers. */
export async function dockerAnswers(host: HostPlan): Promise<boolean> {
	const init = initOf(host);
	if (init === undefined) return false;
	return pingDocker(`/proc/${init}/root/run/docker.sock`).then(
		() => true,
		() => false,
	);
}

/** True once a process of the host listens on the TCP port. Read from the kernel, so that a host cut off can be asked. */
export function listens(host: HostPlan, port: number): boolean {
	const init = initOf(host);
	if (init === undefined) return false;
	return ["tcp", "tcp6"].some((table) => {
		try {
			return listeningPorts(readFileSync(`/proc/${init}/net/${table}`, "utf8")).includes(port);
		} catch {
			return false;
		}
	});
}

/**
 * The daemon's own processes, by this machine's numbers: those in its group that the host's first process adopted.
 * Dockerd's group also holds containerd and the shims of running containers, which are not to die with it.
 */
function daemonProcesses(host: HostPlan, daemon: Daemon): readonly number[] {
	const init = initOf(host);
	return processesOf(groupOf(host, daemon)).filter((pid) => {
		const facts = processFacts(pid);
		if (!facts || facts.parent !== init || facts.zombie) return false;
		return daemon !== "docker" || facts.name === "dockerd";
	});
}

function kill(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// It ended by itself meanwhile.
	}
}
