/** Options of commands that go on until they are told to stop. */
import process from "node:process";
import type { Logger } from "@berth/api";
import type { LogLevel } from "@berth/daemon";
import { type Command, Option } from "commander";

export interface ProcessOptions {
	readonly logLevel: LogLevel;
	readonly logFormat: "json" | "text";
}

export function withProcessOptions(command: Command): Command {
	return command
		.addOption(
			new Option("--log-level <level>", "how much is logged to standard error")
				.choices(["debug", "info", "warn", "error", "silent"])
				.default("info"),
		)
		.addOption(
			new Option("--log-format <format>", "one JSON object or one text a line")
				.choices(["json", "text"])
				.default(process.stderr.isTTY ? "text" : "json", "text on a terminal, else json"),
		);
}

/** Runs until SIGTERM or SIGINT; a second one ends the process at once. */
export async function runProcess(
	name: string,
	{ logLevel, logFormat }: ProcessOptions,
	work: (context: { readonly log: Logger; readonly signal: AbortSignal }) => Promise<void>,
): Promise<void> {
	const { createLogger, untilSignal } = await import("@berth/daemon");
	using stop = untilSignal();
	const log = createLogger({ name, level: logLevel, pretty: logFormat === "text" });
	await work({ log, signal: stop.signal });
	log.info({}, "stopped");
}
