/** Stock kubectl: BERTH_KUBECTL, or the one in PATH. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

export interface KubectlOptions {
	readonly kubeconfig: string;
	/** Where kubectl keeps its cache of discovery. */
	readonly home: string;
	/** Default: BERTH_KUBECTL, or `kubectl`. */
	readonly program?: string;
	readonly editor?: string;
}

/** `kubectl` with words split at spaces; words in single quotes stay whole. Answers stdout and stderr, trimmed, failed or not. */
export interface Kubectl {
	(line: string, input?: string): Promise<string>;
	/** As above, but throws when kubectl fails; of stdout alone. */
	must(line: string, input?: string): Promise<string>;
	json<T>(line: string): Promise<T>;
	/** One that goes on by itself, until it is stopped. */
	start(line: string): RunningKubectl;
	/** The same cluster through another kubectl. */
	with(program: string): Kubectl;
	/** With this program as the editor. */
	withEditor(editor: string): Kubectl;
}

export interface RunningKubectl {
	readonly child: ChildProcess;
	/** Resolves when what was printed so far matches. */
	until(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
	output(): string;
	stop(): Promise<void>;
}

export const KUBECTL = process.env.BERTH_KUBECTL ?? "kubectl";

/** The minor version of a kubectl, or 0 when there is none. */
export function kubectlMinor(program = KUBECTL): number {
	const { stdout, status } = spawnSync(program, ["version", "--client", "-o", "json"]);
	if (status !== 0) return 0;
	const { clientVersion } = JSON.parse(stdout.toString()) as { clientVersion: { minor: string } };
	return Number.parseInt(clientVersion.minor, 10);
}

export function createKubectl(options: KubectlOptions): Kubectl {
	const { kubeconfig, home, program = KUBECTL } = options;
	const spawned = (line: string) => {
		const env = { ...process.env, HOME: home, KUBECONFIG: kubeconfig, KUBE_EDITOR: options.editor };
		return spawn(program, words(line), { env, stdio: ["pipe", "pipe", "pipe"] });
	};
	const run = (line: string, input = "") =>
		new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
			const child = spawned(line);
			let stdout = "";
			let stderr = "";
			child.stdout.on("data", (chunk) => {
				stdout += chunk;
			});
			child.stderr.on("data", (chunk) => {
				stderr += chunk;
			});
			child.on("error", reject);
			child.on("close", (code) => resolve({ code, stdout, stderr }));
			// A kubectl that ends early reads no more.
			child.stdin.on("error", () => {});
			child.stdin.end(input);
		});
	const must = async (line: string, input?: string) => {
		const { code, stdout, stderr } = await run(line, input);
		if (code !== 0) throw new Error(`kubectl ${line} ended with ${code}: ${stderr || stdout}`);
		return stdout.trim();
	};
	const kubectl = async (line: string, input?: string) => {
		const { stdout, stderr } = await run(line, input);
		return `${stdout}${stderr}`.trim();
	};
	return Object.assign(kubectl, {
		must,
		json: async <T>(line: string): Promise<T> => JSON.parse(await must(`${line} -o json`)) as T,
		start: (line: string) => running(spawned(line), line),
		with: (other: string) => createKubectl({ ...options, program: other }),
		withEditor: (editor: string) => createKubectl({ ...options, editor }),
	});
}

function running(child: ChildProcess, line: string): RunningKubectl {
	let output = "";
	const more = (chunk: Buffer) => {
		output += chunk;
	};
	child.stdout?.on("data", more);
	child.stderr?.on("data", more);
	const ended = new Promise((resolve) => child.on("close", resolve));
	return {
		child,
		output: () => output,
		until: async (pattern, seconds = 20) => {
			const end = Date.now() + seconds * 1_000;
			for (;;) {
				const match = pattern.exec(output);
				if (match) return match;
				if (Date.now() > end) throw new Error(`kubectl ${line} has printed: ${output}`);
				await sleep(20);
			}
		},
		stop: async () => {
			child.kill("SIGKILL");
			await ended;
		},
	};
}

/** `a 'b c' d='e f'` to `a`, `b c`, `d=e f`. */
function words(line: string): string[] {
	const found = line.match(/(?:'[^']*'|[^\s'])+/g) ?? [];
	return found.map((word) => word.replaceAll("'", ""));
}
