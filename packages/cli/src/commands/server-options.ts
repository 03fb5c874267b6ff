/** Options of the commands that start an API server. */
import type { Command } from "commander";
import { defaultDataDirectory } from "../data-directory.ts";
import { address, cidr, port, several } from "./values.ts";

export interface ApiServerOptions {
	readonly dataDir: string;
	readonly port: number;
	readonly bindAddress: string;
	readonly advertiseAddress?: string;
	readonly serviceCidr: string;
	readonly san?: readonly string[];
	readonly kubeconfig?: string;
}

export interface ControllersOptions {
	readonly podCidr: string;
	/** Seconds. */
	readonly nodeGracePeriod: number;
}

/** `defaults` for the options whose defaults differ between commands. */
export function withApiServerOptions(
	command: Command,
	{ bindAddress = "127.0.0.1", kubeconfig }: { bindAddress?: string; kubeconfig?: string } = {},
): Command {
	return command
		.option("--data-dir <directory>", "where the cluster's state and keys are kept", defaultDataDirectory())
		.option("--port <number>", "the API's port", port, 6443)
		.option("--kubeconfig <file>", "where to write the administrator's kubeconfig when ready", kubeconfig)
		.option("--bind-address <ip>", "listen on this address; 0.0.0.0 for all", address, bindAddress)
		.option(
			"--advertise-address <ip>",
			"where hosts and people reach the API (default: the bind address)",
			address,
		)
		.option("--san <name>", "one more name or address for the API's certificate; may be repeated", several)
		.option("--service-cidr <range>", "addresses of services", cidr, "10.96.0.0/16");
}
