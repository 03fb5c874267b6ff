/** Logs, exec and attach over Docker's hijacked connections. */
import { PassThrough, type Readable, type Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { demultiplex, discard } from "./demultiplex.ts";
import { runtimeError, statusOf } from "./docker-inspect.ts";
import type { AttachSpec, ExecSpec, Session, Size, Streams } from "./runtime.ts";
import { RuntimeError } from "./runtime.ts";

/** Milliseconds between the end of a command's output and Docker's knowing that it ended. */
const INSPECT_AGAIN = { first: 20, most: 1_000 };

/** `prompt` for calls that are answered soon, or not at all. */
export function dockerStreams(docker: Docker, prompt: Docker): Streams {
	const resize = async (id: string, { width, height }: Size) => {
		await ignoreGone(prompt.getContainer(id).resize({ w: width, h: height }));
	};

	return {
		resize,
		logs: async (id, options) => {
			const { Config } = await prompt.getContainer(id).inspect().catch(rethrow);
			const query = {
				stdout: options.stdout,
				stderr: options.stderr,
				timestamps: options.timestamps,
				...(options.since !== undefined && { since: options.since }),
				...(options.tail !== undefined && { tail: options.tail }),
			};
			const source = await dialLogs(docker, id, { ...query, follow: options.follow }, options.signal);
			if (Config.Tty) return source;
			const merged = new PassThrough();
			forward(source, merged, merged);
			return merged;
		},
		exec: async (id, spec) => {
			const exec = await prompt
				.getContainer(id)
				.exec({
					Cmd: [...spec.command],
					AttachStdin: spec.stdin,
					AttachStdout: spec.stdout,
					AttachStderr: spec.stderr,
					Tty: spec.tty,
				})
				.catch((error: unknown) => {
					throw runtimeError(error, statusOf(error) === 409 ? "notRunning" : "other");
				});
			const connection = await docker
				.getExec(exec.id)
				.start({ hijack: true, stdin: spec.stdin, Tty: spec.tty })
				.catch((error: unknown) => {
					throw runtimeError(error, "cannotStart");
				});
			return session(connection, spec, {
				resize: ({ width, height }) => ignoreGone(exec.resize({ w: width, h: height })),
				ended: (isGivenUp) => exitCodeOf(exec, isGivenUp),
				kill: () => killExec(exec),
			});
		},
		attach: async (id, spec) => {
			const container = docker.getContainer(id);
			const look = () => prompt.getContainer(id).inspect().catch(rethrow);
			const { Config } = await look();
			const connection = await container
				.attach({ stream: true, hijack: true, stdin: spec.stdin, stdout: spec.stdout, stderr: spec.stderr })
				.catch((error: unknown) => {
					throw runtimeError(error, statusOf(error) === 409 ? "notRunning" : "other");
				});
			return session(
				connection,
				{ ...spec, tty: Config.Tty },
				{
					resize: (size) => resize(id, size),
					ended: async () => {
						const { State } = await look();
						return State.Running ? undefined : State.ExitCode;
					},
					kill: async () => {},
				},
			);
		},
	};
}

/** The client's own call for logs that are not followed collects them in memory first. */
function dialLogs(docker: Docker, id: string, query: object, signal?: AbortSignal): Promise<Readable> {
	return new Promise((resolve, reject) => {
		docker.modem.dial(
			{
				path: `/containers/${id}/logs?`,
				method: "GET",
				isStream: true,
				statusCodes: { 200: true, 404: "no such container", 500: "server error" },
				options: query,
				...(signal && { abortSignal: signal }),
			},
			(error, stream) => (error ? reject(runtimeError(error)) : resolve(stream as Readable)),
		);
	});
}

interface Control {
	readonly resize: (size: Size) => Promise<void>;
	/** Asked when the connection has ended. */
	readonly ended: (isGivenUp: () => boolean) => Promise<number | undefined>;
	readonly kill: () => Promise<void>;
}

function session(
	connection: NodeJS.ReadWriteStream & { destroy?: () => void },
	spec: ExecSpec | (AttachSpec & { tty: boolean }),
	control: Control,
): Session {
	const stdout = spec.stdout ? new PassThrough() : undefined;
	const stderr = spec.stderr && !spec.tty ? new PassThrough() : undefined;
	const source = connection as unknown as Readable & Writable;
	let killed = false;
	let over = false;
	const copied = spec.tty
		? copy(source, stdout ?? discard())
		: demultiplex(source, stdout ?? discard(), stderr ?? discard());
	const ended = copied
		.catch((error: unknown) => {
			if (!killed) throw new RuntimeError("unreachable", `the connection to Docker broke: ${error}`, error);
		})
		.then(() => control.ended(() => killed))
		.finally(() => {
			over = true;
		});
	// Whoever only reads the streams never asks for the end.
	ended.catch(() => {});
	const kill = async () => {
		killed = true;
		if (!over) await control.kill();
		source.destroy();
	};
	return {
		stdin: spec.stdin ? source : undefined,
		stdout,
		stderr,
		resize: control.resize,
		ended,
		kill,
		[Symbol.asyncDispose]: kill,
	};
}

const copy = (source: Readable, target: Writable) =>
	new Promise<void>((resolve, reject) => {
		source.on("error", reject);
		source.on("end", resolve);
		source.on("close", resolve);
		source.pipe(target);
	});

function forward(source: Readable, stdout: PassThrough, stderr: PassThrough): void {
	stdout.on("close", () => source.destroy());
	demultiplex(source, stdout, stderr).catch((error: unknown) => stdout.destroy(error as Error));
}

/** Undefined when the command was given up before Docker heard of its end, if it ever does. */
async function exitCodeOf(exec: Docker.Exec, isGivenUp: () => boolean): Promise<number | undefined> {
	for (let pause = INSPECT_AGAIN.first; ; pause = Math.min(2 * pause, INSPECT_AGAIN.most)) {
		const { Running, ExitCode } = await exec.inspect().catch(rethrow);
		if (!Running) return ExitCode ?? 0;
		if (isGivenUp()) return undefined;
		await sleep(pause);
	}
}

/** Docker has no call for it: the command's process is a process of this host. */
async function killExec(exec: Docker.Exec): Promise<void> {
	const { Running, Pid } = await exec.inspect().catch(rethrow);
	if (!Running || !Pid) return;
	try {
		process.kill(Pid, "SIGKILL");
	} catch {
		// It ended by itself.
	}
}

const rethrow = (error: unknown): never => {
	throw runtimeError(error);
};

/** A terminal that is gone needs no size. */
async function ignoreGone(call: Promise<unknown>): Promise<void> {
	try {
		await call;
	} catch (error) {
		if (![404, 409, 500].includes(statusOf(error))) throw runtimeError(error);
	}
}
