/** The options that say which lab is meant. */
import { Command } from "commander";
import { DEFAULT_STATE_DIRECTORY } from "../lab/plan.ts";
import type { LabAddress } from "../lab/record.ts";

export interface LabOptions {
	readonly name?: string;
	readonly stateDir: string;
}

export function labSubcommand(usage: string, description: string): Command {
	const [name, ...words] = usage.split(" ");
	const command = new Command(name);
	if (words.length > 0) command.arguments(words.join(" "));
	return command
		.description(description)
		.option("--name <name>", "which lab, where there are several")
		.option("--state-dir <directory>", "where labs keep their files", DEFAULT_STATE_DIRECTORY);
}

export function addressOf({ name, stateDir }: LabOptions): LabAddress {
	return { name, stateDirectory: stateDir };
}
