/** The cluster of a lab: `berth server` on the control host, Docker and `berth node` on all others. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { Namespace, Node } from "@berth/api";
import { openPki } from "@berth/apiserver";
import type { Client } from "@berth/client";
import { connect } from "../connect.ts";
import { Failure } from "../failure.ts";
import type { Command } from "../machine/run.ts";
import { writePrivateFile } from "../private-file.ts";
import { dockerAnswers, isRunning, listens, logFile, startDaemon, stopDaemon } from "./daemons.ts";
import { cloneRoot } from "./host.ts";
import {
	AGENT_PORT,
	API_PORT,
	controlOf,
	type Daemon,
	daemonsOf,
	type HostPlan,
	type LabPlan,
	workersOf,
} from "./plan.ts";

/** Generous: a small machine may be starting many hosts at once. */
const PATIENCE = 60_000;

/** The administrator's kubeconfig, which works on this machine as well as inside the lab. */
export function adminKubeconfig(plan: LabPlan): string {
	return join(controlOf(plan).directory, "berth/admin.kubeconfig");
}

/** Starts all of a booted host's daemons, and answers when each of them does. */
export async function startDaemons(plan: LabPlan, host: HostPlan): Promise<void> {
	for (const daemon of daemonsOf(host)) await startAndWait(plan, host, daemon);
}

export interface RestartOptions {
	readonly daemon: Daemon;
	readonly signal: NodeJS.Signals;
	/** Milliseconds between the end and the new start. */
	readonly pause: number;
}

export async function restartDaemon(
	plan: LabPlan,
	host: HostPlan,
	{ daemon, signal, pause }: RestartOptions,
): Promise<void> {
	await stopDaemon(host, daemon, { signal });
	await sleep(pause);
	await startAndWait(plan, host, daemon);
}

export async function startAndWait(plan: LabPlan, host: HostPlan, daemon: Daemon): Promise<void> {
	if (daemon === "agent") await writeNodeKubeconfig(plan, host);
	await startDaemon(host, daemon, commandOf(plan, host, daemon));
	if (daemon === "agent") await waitFor(host, daemon, async () => listens(host, AGENT_PORT));
	if (daemon === "docker") await waitFor(host, daemon, () => dockerAnswers(host));
	if (daemon === "server") await waitFor(host, daemon, () => serverAnswers(plan));
}

/** Resolves when every worker that is part of the lab is a Ready node. */
export async function waitForNodes(plan: LabPlan): Promise<void> {
	const names = workersOf(plan).map((host) => host.name);
	await withClient(plan, async (client) => {
		const deadline = Date.now() + PATIENCE;
		for (;;) {
			const waiting = await unreadyNodes(client, names).catch((error: Error) => [error.message]);
			if (waiting.length === 0) return;
			if (Date.now() > deadline) {
				throw new Failure(
					`not ready after ${PATIENCE / 1000} s: ${waiting.join("; ")}`,
					`"berth lab logs HOST agent" shows what an agent says`,
				);
			}
			await sleep(100);
		}
	});
}

/** Each named node that is not Ready, with the reason. */
async function unreadyNodes(client: Client, names: readonly string[]): Promise<readonly string[]> {
	const { items } = await client.list(Node);
	return names.flatMap((name) => {
		const node = items.find((item) => item.metadata.name === name);
		if (!node) return [`${name} has not registered`];
		const ready = node.status?.conditions?.find((condition) => condition.type === "Ready");
		return ready?.status === "True"
			? []
			: [`${name} is not Ready: ${ready?.message ?? "it has not said why"}`];
	});
}

async function serverAnswers(plan: LabPlan): Promise<boolean> {
	if (!existsSync(adminKubeconfig(plan))) return false;
	return withClient(plan, (client) =>
		client.get(Namespace, { name: "default" }).then(
			() => true,
			() => false,
		),
	);
}

async function withClient<T>(plan: LabPlan, use: (client: Client) => Promise<T>): Promise<T> {
	const { client, close } = await connect({ kubeconfig: adminKubeconfig(plan), timeout: 5_000 });
	try {
		return await use(client);
	} finally {
		await close();
	}
}

/** Made once: an agent that is started again keeps its certificate. */
async function writeNodeKubeconfig(plan: LabPlan, host: HostPlan): Promise<void> {
	const file = join(host.directory, "berth/node.kubeconfig");
	if (existsSync(file)) return;
	const control = controlOf(plan);
	const pki = await openPki(join(control.directory, "berth/server"));
	const server = `https://${control.address}:${API_PORT}`;
	const kubeconfig = await pki.nodeKubeconfig({ name: host.name, addresses: [host.address], server });
	writePrivateFile(file, kubeconfig);
}

function commandOf(plan: LabPlan, host: HostPlan, daemon: Daemon): Command {
	switch (daemon) {
		case "docker":
			return ["dockerd"];
		case "agent": {
			const identity = ["--kubeconfig", "/var/lib/berth/node.kubeconfig", "--name", host.name];
			const options = plan.request.nodeOptions ?? [];
			return berth("node", ...identity, "--address", host.address, ...options);
		}
		case "server": {
			const place = [
				"--data-dir",
				"/var/lib/berth/server",
				"--kubeconfig",
				"/var/lib/berth/admin.kubeconfig",
			];
			const address = ["--bind-address", "0.0.0.0", "--advertise-address", host.address];
			const options = plan.request.serverOptions ?? [];
			return berth("server", ...place, ...address, "--port", String(API_PORT), ...options);
		}
	}
}

/** This program as hosts see it. */
function berth(...args: string[]): Command {
	const own = join(cloneRoot, "node_modules/.bin/node");
	const node = existsSync(own) ? "/run/berth/code/node_modules/.bin/node" : process.execPath;
	return [node, "/run/berth/code/packages/cli/bin/berth.js", ...args];
}

async function waitFor(host: HostPlan, daemon: Daemon, answers: () => Promise<boolean>): Promise<void> {
	const started = Date.now();
	while (!(await answers())) {
		const elapsed = Date.now() - started;
		// In its first moments a daemon is not recognized yet: it is still the program that starts it.
		if (elapsed > 1_000 && !isRunning(host, daemon)) {
			throw new Failure(`${daemon} on ${host.name} ended`, lastWords(host, daemon));
		}
		if (elapsed > PATIENCE) {
			const problem = `${daemon} on ${host.name} does not answer after ${PATIENCE / 1000} s`;
			throw new Failure(problem, lastWords(host, daemon));
		}
		await sleep(50);
	}
}

function lastWords(host: HostPlan, daemon: Daemon): string {
	const lines = readFileSync(logFile(host, daemon), "utf8").trimEnd().split("\n").slice(-8);
	return [`the end of ${logFile(host, daemon)}:`, ...lines].join("\n    ");
}
