/** Programs as tests run them: to their end, or for as long as the test wants. */
import { type SpawnOptionsWithoutStdio, spawn } from "node:child_process";
import { eventually } from "./eventually.ts";

export interface Result {
	/** -1 when a signal ended it. */
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

export interface Call {
	readonly program: string;
	readonly args: readonly string[];
	readonly env?: NodeJS.ProcessEnv | undefined;
	readonly input?: string | undefined;
}

/** Runs to its end, whatever the exit code. */
export function run({ program, args, env, input = "" }: Call): Promise<Result> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, options(env));
		let stdout = "";
		let stderr = "";
		child.stdout.on("data", (chunk) => {
			stdout += chunk;
		});
		child.stderr.on("data", (chunk) => {
			stderr += chunk;
		});
		child.on("error", reject);
		// What ends early reads no more.
		child.stdin.on("error", () => {});
		child.stdin.end(input);
		child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
	});
}

/** As above; answers stdout, and throws what it said when it fails. */
export async function must(call: Call): Promise<string> {
	const { code, stdout, stderr } = await run(call);
	if (code !== 0) throw new Error(`${lineOf(call)} ended with ${code}: ${stderr || stdout}`);
	return stdout;
}

/** A program that goes on by itself; the test ends it. */
export interface Running {
	/** What it has printed so far. */
	output(): string;
	write(text: string): void;
	/** Resolves when the output matches. */
	until(pattern: RegExp): Promise<RegExpExecArray>;
	stop(): Promise<void>;
}

export function start(call: Call): Running {
	const child = spawn(call.program, call.args, options(call.env));
	let output = "";
	const more = (chunk: Buffer) => {
		output += chunk;
	};
	child.stdout.on("data", more);
	child.stderr.on("data", more);
	const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
	return {
		output: () => output,
		write: (text) => void child.stdin.write(text),
		until: (pattern) =>
			eventually(async () => {
				const match = pattern.exec(output);
				if (!match) throw new Error(`${lineOf(call)} has printed: ${output}`);
				return match;
			}),
		stop: async () => {
			child.kill("SIGTERM");
			const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
			await ended;
			clearTimeout(timer);
			// What it started may hold the other ends.
			for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
		},
	};
}

const lineOf = ({ program, args }: Call) => [program, ...args].join(" ");
const options = (env: NodeJS.ProcessEnv | undefined): SpawnOptionsWithoutStdio => (env ? { env } : {});
