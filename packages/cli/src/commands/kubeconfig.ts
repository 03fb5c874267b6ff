/** `berth kubeconfig`: credentials for a person, a program or a node, signed by the cluster's authority. */
import process from "node:process";
import { Command } from "commander";
import { defaultDataDirectory, recordedServerAddress, requireCluster } from "../data-directory.ts";
import { several, severalAddresses } from "./values.ts";

interface KubeconfigOptions {
	readonly dataDir: string;
	readonly server?: string;
	readonly user?: string;
	readonly group?: readonly string[];
	readonly node?: string;
	readonly address?: readonly string[];
	readonly output?: string;
}

export function kubeconfigCommand(): Command {
	return new Command("kubeconfig")
		.description("make a kubeconfig; run it where the control plane keeps its data, running or not")
		.option("--data-dir <directory>", "the control plane's directory", defaultDataDirectory())
		.option("--server <url>", "the API server's address (default: the one it was last started with)")
		.option("--user <name>", "for this user (default: an administrator)")
		.option("--group <name>", "a group the user is in; may be repeated", several)
		.option("--node <name>", "for the agent and proxy of this node instead")
		.option("--address <ip>", "the node's address; may be repeated", severalAddresses)
		.option("-o, --output <file>", "write it there instead of printing it")
		.addHelpText("after", EXAMPLES)
		.action(kubeconfig);
}

async function kubeconfig(options: KubeconfigOptions): Promise<void> {
	requireCluster(options.dataDir);
	const server = options.server ?? recordedServerAddress(options.dataDir);
	const { openPki } = await import("@berth/apiserver");
	const pki = await openPki(options.dataDir);
	const text = options.node
		? await pki.nodeKubeconfig({ name: options.node, addresses: options.address ?? [], server })
		: await pki.kubeconfig({
				user: options.user ?? "admin",
				groups: options.group ?? (options.user ? [] : ["system:masters"]),
				server,
			});
	if (!options.output) {
		process.stdout.write(text);
		return;
	}
	const { writePrivateFile } = await import("../private-file.ts");
	writePrivateFile(options.output, text);
}

const EXAMPLES = `
Examples:
  berth kubeconfig -o admin.kubeconfig
  berth kubeconfig --user ann --group developers -o ann.kubeconfig
  berth kubeconfig --node worker-1 --address 192.0.2.11 -o worker-1.kubeconfig`;
