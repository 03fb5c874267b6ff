/** Runs other programs. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import process from "node:process";
import { text } from "node:stream/consumers";

export type Command = readonly [program: string, ...args: string[]];

export interface RunOptions extends SpawnOptions {
	/** A file that the program reads as its standard input. */
	readonly input?: string;
}

/** Runs to the end and answers what was printed. Throws with the command and its complaint when it fails. */
export async function run(command: Command, { input, ...options }: RunOptions = {}): Promise<string> {
	const file = input === undefined ? undefined : openSync(input, "r");
	try {
		const child = start(command, { stdio: [file ?? "ignore", "pipe", "pipe"], ...options });
		const [[code, signal], output, complaint] = await Promise.all([
			ending(child),
			child.stdout ? text(child.stdout) : "",
			child.stderr ? text(child.stderr) : "",
		]);
		if (code === 0) return output;
		const reason = complaint.trim() || output.trim() || `ended with ${signal ?? `exit code ${code}`}`;
		throw new Error(`${command.join(" ")}: ${reason}`);
	} finally {
		if (file !== undefined) closeSync(file);
	}
}

/** Runs on this terminal and answers the exit code, 128 and the signal's number for one that was killed. */
export async function runHere(command: Command, options: SpawnOptions = {}): Promise<number> {
	const child = start(command, { stdio: "inherit", ...options });
	const forward = (signal: NodeJS.Signals) => {
		// A terminal has sent its interrupt to everybody already.
		if (signal === "SIGINT" && process.stdin.isTTY) return;
		for (const pid of lastOf(child)) signalTo(pid, signal);
	};
	for (const signal of FORWARDED) process.on(signal, forward);
	try {
		const [code, signal] = await ending(child);
		return code ?? 128 + (signal ? constants.signals[signal] : 0);
	} finally {
		for (const signal of FORWARDED) process.off(signal, forward);
	}
}

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The command itself, where the child only waits for it (as `nsenter` does, deaf to signals meant for its command). */
function lastOf({ pid }: ChildProcess): readonly number[] {
	if (pid === undefined) return [];
	try {
		const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
			.split(" ")
			.map(Number)
			.filter(Boolean);
		return children.length > 0 ? children : [pid];
	} catch {
		return [];
	}
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// It ended meanwhile.
	}
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
