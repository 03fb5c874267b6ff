/** One host's part of the cluster: agent and proxy in one process, on the same informers. */

import type { AgentOptions } from "@berth/agent";
import { type Logger, Node, systemClock } from "@berth/api";
import { type Client, createInformers, type Informers } from "@berth/client";
import { createMetrics } from "@berth/daemon";
import { createEventRecorder } from "@berth/reconcile";
import { portFailure } from "../machine/machine.ts";
import { runTogether } from "./run-together.ts";

export interface NodeSettings {
	/** Proves to be `system:node:NAME`. */
	readonly client: Client;
	readonly name: string;
	/** Where other hosts and the control plane reach this one; the first is its InternalIP. */
	readonly addresses: readonly string[];
	/** What the agent's port is served with. */
	readonly tls: AgentOptions["tls"];
	/** Renewed while the agent runs. Default: none is. */
	readonly certificates?: AgentOptions["certificates"];
	readonly port: number;
	readonly dockerSocket: string;
	readonly dataDir: string;
	/** Path of the agent's configuration file. Default: a kubelet's defaults. */
	readonly agentConfig?: string | undefined;
	readonly serviceCidr: string;
	readonly podCidr: string;
	readonly clusterDns: string;
	readonly clusterDomain: string;
	/** Resolvers of names outside the cluster. Default: the host's. */
	readonly resolvers?: readonly string[] | undefined;
	readonly log: Logger;
}

/** The halves of a node that a process runs. */
export type NodeHalf = "agent" | "proxy";

/** Runs until the signal aborts. Pods and rules stay as they are: the next process takes them over. */
export async function runNode(
	settings: NodeSettings,
	halves: readonly NodeHalf[],
	signal: AbortSignal,
): Promise<void> {
	const { client, log } = settings;
	const informers = createInformers({ client, clock: systemClock, log });
	const metrics = createMetrics();
	await runTogether(
		[
			(stop) => informers.start(stop),
			(stop) => podRoutes({ settings, informers }, stop),
			...(halves.includes("proxy")
				? [(stop: AbortSignal) => proxy({ settings, informers, metrics }, stop)]
				: []),
			...(halves.includes("agent")
				? [(stop: AbortSignal) => agent({ settings, informers, metrics }, stop)]
				: []),
		],
		signal,
	);
}

interface Shared {
	readonly settings: NodeSettings;
	readonly informers: Informers;
	readonly metrics: ReturnType<typeof createMetrics>;
}

async function agent({ settings, informers, metrics }: Shared, signal: AbortSignal): Promise<void> {
	const { runAgent } = await import("@berth/agent");
	const { client, name, log, port, agentConfig } = settings;
	const clock = systemClock;
	const configuration = agentConfig === undefined ? undefined : await configurationIn(agentConfig);
	try {
		await runAgent(
			{
				...settings,
				nodeName: name,
				nodeAddresses: settings.addresses,
				podCidrs: [settings.podCidr],
				configuration,
				informers,
				// Kubernetes' own name: people and tools look for it in events.
				events: createEventRecorder({ client, clock, log, component: "kubelet", host: name, signal }),
				metrics,
				clock,
			},
			signal,
		);
	} catch (error) {
		throw portFailure(error, { address: settings.addresses[0] ?? name, port, flag: "--agent-port" });
	}
}

async function configurationIn(file: string) {
	const { readAgentConfiguration } = await import("../machine/agent-configuration.ts");
	return readAgentConfiguration(file);
}

async function podRoutes(
	{ settings, informers }: Pick<Shared, "settings" | "informers">,
	signal: AbortSignal,
) {
	const { keepPodRoutes } = await import("@berth/proxy");
	await keepPodRoutes({ nodes: informers.of(Node), log: settings.log }, signal);
}

async function proxy({ settings, informers, metrics }: Shared, signal: AbortSignal): Promise<void> {
	const { runProxy } = await import("@berth/proxy");
	const { client, name, addresses, serviceCidr, podCidr, clusterDns, clusterDomain, resolvers, log } =
		settings;
	await runProxy(
		{
			client,
			informers,
			nodeName: name,
			nodeAddresses: addresses,
			clusterCidr: podCidr,
			serviceCidr,
			clusterDns,
			clusterDomain,
			...(resolvers && { upstreamResolvers: resolvers }),
			clock: systemClock,
			log,
			metrics,
		},
		signal,
	);
}
