/** `berth reset`: takes from this machine what a node has left on it. */
import { Command } from "commander";
import { port } from "./values.ts";

interface ResetOptions {
	readonly agentPort: number;
	readonly agentDir: string;
	readonly dataDir?: string;
}

export function resetCommand(): Command {
	return new Command("reset")
		.description("remove what a stopped node has left on this machine: pods, rules, routes and volumes")
		.option("--agent-port <number>", "the agent's port, to see that it has stopped", port, 10_250)
		.option("--agent-dir <directory>", "where the agent kept pods' volumes", "/var/lib/berth/agent")
		.option("--data-dir <directory>", "remove the control plane's state and keys there, too")
		.action(async (options: ResetOptions) => {
			const { resetMachine } = await import("../machine/reset-machine.ts");
			await resetMachine(options);
		});
}
