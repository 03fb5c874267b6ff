/** Labs as a whole: found, taken down, looked at. What `berth lab` and the end-to-end tests share. */
import { existsSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { Failure } from "../failure.ts";
import { memoryOf, removeGroup } from "../machine/cgroups.ts";
import { requireCniPlugins, requirePrograms, requireRoot } from "../machine/machine.ts";
import { isRunning } from "./daemons.ts";
import { groupOf, isUp, killHost } from "./host.ts";
import { type Daemon, daemonsOf, type HostPlan, type LabPlan, type LabRequest, planLab } from "./plan.ts";
import { findLab, type LabAddress, recordLab } from "./record.ts";
import { cableOf, chooseNetwork, removeSwitch } from "./switch.ts";

/** What a machine needs to play several; all missing things are named at once. */
export async function requireLabMachine(): Promise<void> {
	requireRoot("a lab");
	await requirePrograms(["ip", "nsenter", "unshare", "setsid", "dockerd", "docker", "iptables", "conntrack"]);
	requireCniPlugins();
}

/** The lab that is there. Throws a Failure when there is none. */
export function openLab(address: LabAddress): LabPlan {
	const plan = findLab(address);
	if (plan) return plan;
	const name = address.name === undefined ? "" : ` --name ${address.name}`;
	throw new Failure(`there is no such lab`, `"berth lab up${name} --hosts 3 --kubeconfig FILE" makes one`);
}

/** The lab that is there, with more hosts when more are asked for, or the plan of a new one; put on record. */
export async function openOrPlanLab(
	address: LabAddress,
	{ hosts, serverOptions, nodeOptions }: Pick<LabRequest, "hosts" | "serverOptions" | "nodeOptions">,
): Promise<LabPlan> {
	if (address.stateDirectory.startsWith("/run/")) {
		throw new Failure("hosts have a /run of their own", "choose a --state-dir elsewhere, on a real disk");
	}
	const known = findLab(address);
	if (known && known.request.hosts > hosts) {
		throw new Failure(
			`this lab has ${known.request.hosts} hosts already, and hosts are not taken from a lab`,
			`"berth lab down" removes it, or choose another --name`,
		);
	}
	const plan = planLab({
		...address,
		hosts,
		network: known?.request.network ?? (await chooseNetwork()),
		serverOptions: serverOptions ?? known?.request.serverOptions,
		nodeOptions: nodeOptions ?? known?.request.nodeOptions,
	});
	recordLab(plan);
	return plan;
}

/** Removes the lab with all that is in it. Harmless when it is half there, or not at all. */
export async function downLab(address: LabAddress): Promise<boolean> {
	const plan = findLab(address);
	if (!plan) return false;
	const kills = await Promise.allSettled(plan.hosts.map((host) => killHost(plan, host)));
	await removeSwitch(plan);
	for (const kill of kills) if (kill.status === "rejected") throw kill.reason;
	await removeGroup(plan.group);
	// The kernel may still be unmounting what the dead had mounted.
	await rm(plan.directory, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
	await rmdir(address.stateDirectory).catch(() => undefined);
	return true;
}

export interface HostStatus {
	readonly host: HostPlan;
	readonly up: boolean;
	readonly cable: "in" | "out" | undefined;
	readonly daemons: readonly {
		readonly name: Daemon;
		readonly running: boolean;
		readonly memory: number | undefined;
	}[];
}

export async function labStatus(plan: LabPlan): Promise<readonly HostStatus[]> {
	return Promise.all(
		plan.hosts.map(async (host) => {
			const up = isUp(host);
			return {
				host,
				up,
				cable: existsSync(`/run/netns/${plan.switch}`) ? await cableOf(plan, host.port) : undefined,
				daemons: daemonsOf(host).map((name) => ({
					name,
					running: up && isRunning(host, name),
					memory: memoryOf(groupOf(host, name)),
				})),
			};
		}),
	);
}
