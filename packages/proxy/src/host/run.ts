/** Programs of the host: the only place that starts any. */
import { spawn } from "node:child_process";
import process from "node:process";

export interface RunOptions {
	/** Written to the program's standard input. */
	readonly input?: string;
	/** Milliseconds before it is killed. Default one minute. */
	readonly timeout?: number;
}

export interface Finished {
	/** Exit code; 128 + 9 when it was killed. */
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code. Tests put their own in its place. */
export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<Finished>;

/** The host has no program of that name. */
export class ProgramMissing extends Error {
	readonly program: string;

	constructor(program: string) {
		super(`this host has no program named ${program}`);
		this.name = "ProgramMissing";
		this.program = program;
	}
}

export const run: Run = (program, args, { input, timeout = 60_000 } = {}) =>
	new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			stdio: ["pipe", "pipe", "pipe"],
			timeout,
			killSignal: "SIGKILL",
			// Output is read by programs: no translations. Administrators' tools are not on every PATH.
			env: { ...process.env, LC_ALL: "C", PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` },
		});
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
		child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
		// A program that fails early does not read what it is given; its exit code says so.
		child.stdin.on("error", () => {});
		child.stdin.end(input ?? "");
		child.on("error", (error: NodeJS.ErrnoException) =>
			reject(error.code === "ENOENT" ? new ProgramMissing(program) : error),
		);
		child.on("close", (code) =>
			resolve({
				code: code ?? 137,
				stdout: Buffer.concat(stdout).toString(),
				stderr: Buffer.concat(stderr).toString().trim(),
			}),
		);
	});
