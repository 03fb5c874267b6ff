/** Programs of the host that the agent runs: CNI plugins, `ip`, `mount`. */
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

export interface SpawnOptions {
	readonly input?: string | Readable | undefined;
	readonly env?: Readonly<Record<string, string>> | undefined;
	readonly signal?: AbortSignal | undefined;
}

export interface Output {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program to its end. Rejects only when it cannot be started or the signal kills it. */
export function run(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<Output> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			stdio: ["pipe", "pipe", "pipe"],
			...(options.env && { env: options.env }),
			...(options.signal && { signal: options.signal, killSignal: "SIGKILL" }),
		});
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
		child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
		child.on("error", reject);
		child.on("close", (code, killedBy) => {
			const output = { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
			resolve({ code: code ?? (killedBy ? 137 : 1), ...output });
		});
		// A program that does not read its input is no failure of ours.
		child.stdin.on("error", () => {});
		const { input = "" } = options;
		if (typeof input === "string") {
			child.stdin.end(input);
			return;
		}
		// What comes half is not to be taken for all.
		input.on("error", (error) => {
			child.kill("SIGKILL");
			reject(error);
		});
		input.pipe(child.stdin);
	});
}

/** Runs a program that has to succeed; the error carries what it printed. */
export async function mustRun(
	program: string,
	args: readonly string[],
	options?: SpawnOptions,
): Promise<string> {
	const { code, stdout, stderr } = await run(program, args, options);
	if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr.trim() || `exit code ${code}`}`);
	return stdout;
}
