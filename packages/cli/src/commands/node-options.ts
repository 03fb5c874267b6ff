/** Options of the commands that make this machine a node. */
import { hostname } from "node:os";
import type { Command } from "commander";
import { address, cidr, port, several, severalAddresses } from "./values.ts";

export interface NodeOptions {
	readonly name: string;
	readonly address?: readonly string[];
	readonly agentPort: number;
	readonly dockerSocket: string;
	readonly agentDir: string;
	readonly agentConfig?: string;
	readonly podCidr: string;
	readonly clusterDns: string;
	readonly clusterDomain: string;
	readonly resolver?: readonly string[];
}

/** What only this machine knows of itself. */
export function withHostOptions(command: Command): Command {
	return command
		.option("--name <name>", "the node's name", hostname().toLowerCase())
		.option(
			"--address <ip>",
			"where other hosts reach this one (default: of its default route)",
			severalAddresses,
		)
		.option("--agent-port <number>", "the agent's port, for logs and exec", port, 10_250)
		.option("--docker-socket <path>", "where Docker answers", "/var/run/docker.sock")
		.option("--agent-dir <directory>", "where the agent keeps pods' volumes", "/var/lib/berth/agent")
		.option("--agent-config <file>", "a KubeletConfiguration: reservations, evictions, static pods and more")
		.option(
			"--resolver <ip>",
			"resolver of names outside the cluster (default: of /etc/resolv.conf)",
			several,
		);
}

/** What all nodes of a cluster must agree on. */
export function withClusterOptions(command: Command): Command {
	return command
		.option("--cluster-dns <ip>", "address of the cluster's DNS service", address, "10.96.0.10")
		.option("--cluster-domain <name>", "domain of services' names", "cluster.local");
}

export function withNodeRanges(command: Command): Command {
	return command
		.option("--pod-cidr <range>", "addresses of all pods", cidr, "10.244.0.0/16")
		.option("--service-cidr <range>", "addresses of services", cidr, "10.96.0.0/16");
}
