#!/usr/bin/env node
/** `berth`: the command line, and the only place that knows all parts. */
import process from "node:process";
import { Command } from "commander";
import { controllersCommand } from "./commands/controllers.ts";
import { imageCommand } from "./commands/image.ts";
import { kubeconfigCommand } from "./commands/kubeconfig.ts";
import { labCommand } from "./commands/lab.ts";
import { schedulerCommand } from "./commands/scheduler.ts";
import { apiserverCommand, serverCommand } from "./commands/server.ts";
import { tokenCommand } from "./commands/token.ts";
import { describeFailure } from "./failure.ts";

const program = new Command("berth")
	.description("Kubernetes for Docker hosts")
	.version("0.1.0")
	.enablePositionalOptions()
	.showHelpAfterError("(--help tells more)");
program.addCommand(serverCommand()).addCommand(apiserverCommand());
program.addCommand(schedulerCommand()).addCommand(controllersCommand());
program.addCommand(kubeconfigCommand()).addCommand(tokenCommand());
program.addCommand(labCommand()).addCommand(imageCommand());

try {
	await program.parseAsync();
} catch (error) {
	console.error(describeFailure(error, Boolean(process.env.BERTH_DEBUG)));
	process.exitCode = 1;
}
