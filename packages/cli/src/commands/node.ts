/** `berth node`, `berth agent` and `berth proxy`: this machine as a host of pods, whole or by halves. */
import { join } from "node:path";
import type { Certificates } from "@berth/agent";
import type { Credentials } from "@berth/client";
import { Command } from "commander";
import type { NodeHalf } from "../compose/run-node.ts";
import { Failure } from "../failure.ts";
import { type NodeOptions, withClusterOptions, withHostOptions, withNodeRanges } from "./node-options.ts";
import { type ProcessOptions, runProcess, withProcessOptions } from "./process-options.ts";

interface Options extends NodeOptions, ProcessOptions {
	readonly kubeconfig?: string;
	readonly serviceCidr: string;
}

export function nodeCommand(): Command {
	return command("node", "make this machine a node: agent and proxy in one process", ["proxy", "agent"]);
}

export function agentCommand(): Command {
	return command("agent", "the agent alone: runs this node's pods in Docker", ["agent"]);
}

export function proxyCommand(): Command {
	return command("proxy", "the proxy alone: services and the cluster's DNS on this node", ["proxy"]);
}

function command(name: string, description: string, halves: readonly NodeHalf[]): Command {
	const base = new Command(name)
		.description(description)
		.option("--kubeconfig <file>", "made by `berth kubeconfig --node` (default: $KUBECONFIG)");
	return withProcessOptions(withNodeRanges(withClusterOptions(withHostOptions(base)))).action(
		(options: Options) => node(name, options, halves),
	);
}

async function node(command: string, options: Options, halves: readonly NodeHalf[]): Promise<void> {
	const [{ requireNodeMachine }, { connect }, { addressTowards }] = await Promise.all([
		import("../machine/machine.ts"),
		import("../connect.ts"),
		import("../machine/own-address.ts"),
	]);
	await requireNodeMachine(`berth ${command}`, halves.includes("agent") ? options.dockerSocket : undefined);
	await runProcess(`berth ${command}`, options, async ({ log, signal }) => {
		let certificates: Certificates | undefined;
		const connected = await connect({
			kubeconfig: options.kubeconfig,
			log,
			fieldManager: "kubelet",
			identity: halves.includes("agent")
				? async (credentials) => {
						const opened = await certificatesFor(options, credentials);
						certificates = opened;
						return () => opened.current("client");
					}
				: undefined,
		});
		const { server, certificate, key, ca } = connected.credentials;
		const { runNode } = await import("../compose/run-node.ts");
		try {
			await runNode(
				{
					...options,
					client: connected.client,
					addresses: options.address ?? [await addressTowards(new URL(server).hostname)],
					certificates,
					tls: { certificate: certificate ?? "", key: key ?? "", ca: ca ?? "" },
					port: options.agentPort,
					dataDir: options.agentDir,
					resolvers: options.resolver,
					log,
				},
				halves,
				signal,
			);
		} finally {
			await connected.close();
		}
	});
}

/** Those that the agent was given, or has renewed since. */
async function certificatesFor(
	{ name, agentDir }: Options,
	{ certificate, key, ca }: Credentials,
): Promise<Certificates> {
	if (!(certificate && key && ca)) {
		throw new Failure(
			"this kubeconfig has no certificate for the agent to serve its port with",
			`make one with: berth kubeconfig --node ${name}`,
		);
	}
	const { openCertificates } = await import("@berth/agent");
	const directory = join(agentDir, "certificates");
	return openCertificates({ directory, given: { certificate, key }, ca, now: Date.now() });
}
