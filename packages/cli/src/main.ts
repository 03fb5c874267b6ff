#!/usr/bin/env node
/** `berth`: the command line, and the only place that knows all parts. */
import process from "node:process";
import { Command } from "commander";
import { controllersCommand } from "./commands/controllers.ts";
import { imageCommand } from "./commands/image.ts";
import { kubeconfigCommand } from "./commands/kubeconfig.ts";
import { labCommand } from "./commands/lab.ts";
import { agentCommand, nodeCommand, proxyCommand } from "./commands/node.ts";
import { resetCommand } from "./commands/reset.ts";
import { schedulerCommand } from "./commands/scheduler.ts";
import { apiserverCommand, serverCommand } from "./commands/server.ts";
import { tokenCommand } from "./commands/token.ts";
import { upCommand } from "./commands/up.ts";
import { describeFailure } from "./failure.ts";

const program = new Command("berth")
	.description("Kubernetes for Docker hosts")
	.version("0.1.0")
	.enablePositionalOptions()
	.showHelpAfterError("(--help tells more)");
program
	.commandsGroup("A cluster:")
	.addCommand(upCommand())
	.addCommand(serverCommand())
	.addCommand(nodeCommand())
	.addCommand(resetCommand());
program.commandsGroup("Its users:").addCommand(kubeconfigCommand()).addCommand(tokenCommand());
program.commandsGroup("Trying things:").addCommand(labCommand()).addCommand(imageCommand());
program
	.commandsGroup("Each part alone:")
	.addCommand(apiserverCommand())
	.addCommand(schedulerCommand())
	.addCommand(controllersCommand())
	.addCommand(agentCommand())
	.addCommand(proxyCommand());

try {
	await program.parseAsync();
} catch (error) {
	console.error(describeFailure(error, Boolean(process.env.BERTH_DEBUG)));
	process.exitCode = 1;
}
