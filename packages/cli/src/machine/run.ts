/** Runs other programs. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { text } from "node:stream/consumers";

export type Command = readonly [program: string, ...args: string[]];

/** Runs to the end and answers what was printed. Throws with the command and its complaint when it fails. */
export async function run(command: Command, options: SpawnOptions = {}): Promise<string> {
	const child = start(command, { stdio: ["ignore", "pipe", "pipe"], ...options });
	const [[code, signal], output, complaint] = await Promise.all([
		ending(child),
		child.stdout ? text(child.stdout) : "",
		child.stderr ? text(child.stderr) : "",
	]);
	if (code === 0) return output;
	const reason = complaint.trim() || output.trim() || `ended with ${signal ?? `exit code ${code}`}`;
	throw new Error(`${command.join(" ")}: ${reason}`);
}

/** Runs on this terminal and answers the exit code, 128 and the signal's number for one that was killed. */
export async function runHere(command: Command, options: SpawnOptions = {}): Promise<number> {
	const [code, signal] = await ending(start(command, { stdio: "inherit", ...options }));
	return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

/** Starts what outlives this process, its output going to an open file. Answers its process number. */
export async function runDetached(command: Command, output: number, env: NodeJS.ProcessEnv): Promise<number> {
	const child = start(command, { stdio: ["ignore", output, output], detached: true, env, cwd: "/" });
	await once(child, "spawn");
	child.unref();
	return child.pid ?? 0;
}

function start([program, ...args]: Command, options: SpawnOptions): ChildProcess {
	return spawn(program, args, options);
}

async function ending(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
	const [code, signal] = await once(child, "close");
	return [code, signal];
}
