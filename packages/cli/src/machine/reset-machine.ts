/** Removes what a node has left on this machine: pods, rules, routes, volumes. */
import { readFile, rm } from "node:fs/promises";
import { cleanupRules } from "@berth/proxy";
import { Failure } from "../failure.ts";
import { runSteps } from "../progress.ts";
import { removeGroup } from "./cgroups.ts";
import { listeningPorts } from "./listening-ports.ts";
import { requireDocker, requirePrograms, requireRoot } from "./machine.ts";
import { run } from "./run.ts";

export interface ResetSettings {
	/** To see that the agent has stopped. */
	readonly agentPort: number;
	readonly agentDir: string;
	/** The control plane's, to be removed as well. */
	readonly dataDir?: string;
}

/** Of the agent: the label of its containers, the bridge of its pods, the mark of its routes, their control group. */
const LABEL = "berth.node";
const BRIDGE = "berth0";
const ROUTE_PROTOCOL = "107";
const GROUP = "berth";

/** Harmless where there is nothing to remove. Throws a Failure while an agent runs. */
export async function resetMachine({ agentPort, agentDir, dataDir }: ResetSettings): Promise<void> {
	requireRoot("berth reset");
	await requirePrograms(["ip", "docker", "iptables"]);
	await requireDocker();
	if (listeningPorts(await readFile("/proc/net/tcp", "utf8")).includes(agentPort)) {
		throw new Failure(`an agent still runs on this machine, on port ${agentPort}`, "stop it first");
	}
	await runSteps([
		{ title: "Pods", run: removePods },
		{ title: "Rules of services", run: () => cleanupRules() },
		{ title: "Routes and the pods' bridge", run: removeRoutes },
		{
			title: `Files in ${dataDir ? `${agentDir} and ${dataDir}` : agentDir}`,
			run: async () => {
				for (const mount of await mountsBelow(agentDir)) await run(["umount", "--lazy", mount]);
				await rm(agentDir, { recursive: true, force: true });
				if (dataDir) await rm(dataDir, { recursive: true, force: true });
			},
		},
	]);
}

async function removePods(report: (detail: string) => void): Promise<void> {
	const found = await run(["docker", "ps", "--all", "--quiet", "--filter", `label=${LABEL}`]);
	const containers = found.split("\n").filter(Boolean);
	report(`${containers.length} containers`);
	if (containers.length > 0) await run(["docker", "rm", "--force", "--volumes", ...containers]);
	await removeGroup(GROUP);
}

async function removeRoutes(): Promise<void> {
	await run(["ip", "route", "flush", "proto", ROUTE_PROTOCOL]);
	const links = JSON.parse(await run(["ip", "-json", "link"])) as readonly { ifname: string }[];
	if (links.some(({ ifname }) => ifname === BRIDGE)) await run(["ip", "link", "delete", BRIDGE]);
}

/** Volumes in memory, and single files in volumes, are mounts of their own; deepest first. */
async function mountsBelow(directory: string): Promise<readonly string[]> {
	const lines = (await readFile("/proc/self/mounts", "utf8")).split("\n");
	const places = lines.map((line) => line.split(" ")[1] ?? "");
	return places.filter((place) => place.startsWith(`${directory}/`)).reverse();
}
