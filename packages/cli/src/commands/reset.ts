/** `berth reset`: takes from this machine what a node has left on it: pods, rules, routes, files. */
import { rm } from "node:fs/promises";
import { Command } from "commander";
import { Failure } from "../failure.ts";
import { port } from "./values.ts";

interface ResetOptions {
	readonly agentPort: number;
	readonly agentDir: string;
	readonly dataDir?: string;
}

/** Of the agent: the label of its containers, the bridge of its pods, the mark of its routes. */
const LABEL = "berth.node";
const BRIDGE = "berth0";
const ROUTE_PROTOCOL = "107";

export function resetCommand(): Command {
	return new Command("reset")
		.description("remove what a stopped node has left on this machine: pods, rules, routes and volumes")
		.option("--agent-port <number>", "the agent's port, to see that it has stopped", port, 10_250)
		.option("--agent-dir <directory>", "where the agent kept pods' volumes", "/var/lib/berth/agent")
		.option("--data-dir <directory>", "remove the control plane's state and keys there, too")
		.action(reset);
}

async function reset({ agentPort, agentDir, dataDir }: ResetOptions): Promise<void> {
	const [
		{ requireDocker, requirePrograms, requireRoot },
		{ run },
		{ runSteps },
		{ listeningPorts },
		{ readFile },
	] = await Promise.all([
		import("../machine/machine.ts"),
		import("../machine/run.ts"),
		import("../progress.ts"),
		import("../machine/listening-ports.ts"),
		import("node:fs/promises"),
	]);
	requireRoot("berth reset");
	await requirePrograms(["ip", "docker", "iptables"]);
	await requireDocker();
	if (listeningPorts(await readFile("/proc/self/net/tcp", "utf8")).includes(agentPort)) {
		throw new Failure(`an agent still runs on this machine, on port ${agentPort}`, "stop it first");
	}
	await runSteps([
		{
			title: "Pods",
			run: async (report) => {
				const found = await run(["docker", "ps", "--all", "--quiet", "--filter", `label=${LABEL}`]);
				const containers = found.split("\n").filter(Boolean);
				report(`${containers.length} containers`);
				if (containers.length > 0) await run(["docker", "rm", "--force", "--volumes", ...containers]);
			},
		},
		{ title: "Rules of services", run: async () => (await import("@berth/proxy")).cleanupRules() },
		{
			title: "Routes and the pods' bridge",
			run: async () => {
				await run(["ip", "route", "flush", "proto", ROUTE_PROTOCOL]);
				const links = JSON.parse(await run(["ip", "-json", "link"])) as readonly { ifname: string }[];
				if (links.some(({ ifname }) => ifname === BRIDGE)) await run(["ip", "link", "delete", BRIDGE]);
			},
		},
		{
			title: `Files in ${[agentDir, ...(dataDir ? [dataDir] : [])].join(" and ")}`,
			run: async () => {
				for (const mount of await mountsBelow(agentDir)) await run(["umount", "--lazy", mount]);
				await rm(agentDir, { recursive: true, force: true });
				if (dataDir) await rm(dataDir, { recursive: true, force: true });
			},
		},
	]);

	/** Volumes in memory are mounts of their own; deepest first. */
	async function mountsBelow(directory: string): Promise<readonly string[]> {
		const lines = (await readFile("/proc/self/mounts", "utf8")).split("\n");
		const places = lines.map((line) => line.split(" ")[1] ?? "");
		return places.filter((place) => place.startsWith(`${directory}/`)).reverse();
	}
}
