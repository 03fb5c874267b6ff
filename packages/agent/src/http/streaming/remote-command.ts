/** Joins a client's channels to a process and tells how it ended. */
import { pipeline, type Readable, type Writable } from "node:stream";
import { type Status, StatusError } from "@berth/api";
import type { ContainerProcess } from "../containers.ts";
import type { Channels } from "./channels.ts";

/** Runs until the process has ended and all output is sent, or the client has gone. Never throws. */
export async function remoteCommand(
	channels: Channels,
	start: () => Promise<ContainerProcess>,
): Promise<void> {
	let process: ContainerProcess;
	try {
		process = await start();
	} catch (error) {
		return channels.finish(startFailure(error));
	}
	channels.signal.addEventListener("abort", () => process.close());
	if (channels.signal.aborted) process.close();
	// A terminal that cannot be resized (any more) is no reason to end the command.
	channels.onResize(({ width, height }) => void process.resize(width, height).catch(() => {}));
	if (channels.stdin && process.stdin) pipeline(channels.stdin, process.stdin, () => {});
	const outputs = [copy(process.stdout, channels.stdout), copy(process.stderr, channels.stderr)];
	try {
		const code = await process.exit;
		await Promise.all(outputs);
		await channels.finish(exitStatus(code));
	} catch (error) {
		await channels.finish(startFailure(error));
	} finally {
		process.close();
	}
}

/** The destination stays open: the channels are closed in order at the end. */
function copy(from: Readable | undefined, to: Writable | undefined): Promise<void> {
	if (!from) return Promise.resolve();
	if (!to) {
		from.resume();
		return Promise.resolve();
	}
	return new Promise((resolve) => {
		from.on("data", (chunk: Buffer) => {
			if (!to.write(chunk)) {
				from.pause();
				to.once("drain", () => from.resume());
			}
		});
		from.once("close", resolve);
		from.once("end", resolve);
		from.once("error", () => resolve());
		to.once("error", () => resolve());
	});
}

/** What clients read the exit code from. */
export function exitStatus(code: number): Status {
	if (code === 0) return { metadata: {}, status: "Success" };
	return {
		metadata: {},
		status: "Failure",
		message: `command terminated with non-zero exit code: ${code}`,
		reason: "NonZeroExitCode",
		details: { causes: [{ reason: "ExitCode", message: String(code) }] },
	};
}

function startFailure(error: unknown): Status {
	if (error instanceof StatusError) return error.status;
	const message = error instanceof Error ? error.message : String(error);
	return { metadata: {}, status: "Failure", reason: "InternalError", message, code: 500 };
}
