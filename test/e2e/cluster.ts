/** The lab as a user sees it: kubectl, the hosts' shells, and waiting for what they show. */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestFn } from "ava";

export interface Result {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

const KUBECTL = process.env.BERTH_KUBECTL ?? "kubectl";
const LAB = process.env.BERTH_LAB ?? "e2e";

/** Runs to its end, whatever the exit code. */
export function run(command: string, args: readonly string[], input = ""): Promise<Result> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
		let stdout = "";
		let stderr = "";
		child.stdout.on("data", (chunk) => {
			stdout += chunk;
		});
		child.stderr.on("data", (chunk) => {
			stderr += chunk;
		});
		child.on("error", reject);
		child.stdin.on("error", () => {});
		child.stdin.end(input);
		child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
	});
}

async function must(command: string, args: readonly string[], input?: string): Promise<string> {
	const { code, stdout, stderr } = await run(command, args, input);
	if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${stderr || stdout}`);
	return stdout;
}

/** A host's shell. */
export const onHost = (host: string, ...command: string[]) =>
	must("npx", ["berth", "lab", "exec", "--name", LAB, host, "--", ...command]);
export const lab = (verb: string, ...args: string[]) =>
	must("npx", ["berth", "lab", verb, "--name", LAB, ...args]);

export interface Kubectl {
	/** stdout; throws with stderr when kubectl fails. */
	(...args: string[]): Promise<string>;
	readonly namespace: string;
	try(...args: string[]): Promise<Result>;
	apply(manifest: string, ...args: string[]): Promise<string>;
	json<T = Record<string, unknown>>(...args: string[]): Promise<T>;
	/** A kubectl that goes on by itself (logs -f, port-forward, get -w); the test ends it. */
	start(...args: string[]): Running;
}

export interface Running {
	readonly child: ChildProcess;
	/** What it has printed so far. */
	output(): string;
	/** Resolves when the output matches. */
	until(pattern: RegExp): Promise<RegExpExecArray>;
	stop(): Promise<void>;
}

/** kubectl in a namespace. */
export function kubectlIn(namespace: string): Kubectl {
	const scoped = (args: readonly string[]) => ["--namespace", namespace, ...args];
	const kubectl = (...args: string[]) => must(KUBECTL, scoped(args));
	return Object.assign(kubectl, {
		namespace,
		try: (...args: string[]) => run(KUBECTL, scoped(args)),
		apply: (manifest: string, ...args: string[]) =>
			must(KUBECTL, scoped(["apply", "-f", "-", ...args]), manifest),
		json: async <T>(...args: string[]): Promise<T> => JSON.parse(await kubectl(...args, "-o", "json")),
		start: (...args: string[]) => start(KUBECTL, scoped(args)),
	});
}

/** A namespace of the test file's own, removed at its end. */
export function namespaceFor(test: TestFn, name: string): Kubectl {
	const kubectl = kubectlIn(name);
	test.before("make the namespace", async () => {
		await run(KUBECTL, ["delete", "namespace", name, "--ignore-not-found"]);
		await must(KUBECTL, ["create", "namespace", name]);
	});
	test.after.always("remove the namespace", async (t) => {
		t.timeout(180_000);
		await must(KUBECTL, ["delete", "namespace", name, "--ignore-not-found", "--timeout=150s"]);
	});
	return kubectl;
}

export function start(command: string, args: readonly string[]): Running {
	const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
	let output = "";
	const wake = () => {};
	const more = (chunk: Buffer) => {
		output += chunk;
		wake();
	};
	child.stdout.on("data", more);
	child.stderr.on("data", more);
	const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
	return {
		child,
		output: () => output,
		until: (pattern) =>
			eventually(async () => {
				const match = pattern.exec(output);
				if (!match) throw new Error(`${command} ${args.join(" ")} has printed: ${output}`);
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

/** Tries until it does not throw; then answers, or throws the last error after `seconds`. */
export async function eventually<T>(attempt: () => Promise<T>, seconds = 60): Promise<T> {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		try {
			return await attempt();
		} catch (error) {
			if (Date.now() > end) throw error;
			await sleep(200);
		}
	}
}

export function expect(condition: unknown, message: string): asserts condition {
	if (!condition) throw new Error(message);
}
