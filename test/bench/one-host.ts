/** A lab of one host for benchmarks, and what its processes cost. Needs root. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@berth/api";
import { type Client, createClient, httpsTransport, loadKubeconfig } from "@berth/client";

export interface OneHost extends AsyncDisposable {
	readonly client: Client;
	/** Runs a script on the host; answers what it prints. */
	shell(script: string): string;
}

export const HOST = "host-1";

export async function createOneHost(lab: string, images: readonly string[]): Promise<OneHost> {
	const directory = mkdtempSync(join(tmpdir(), "berth-bench-"));
	const kubeconfig = join(directory, "kubeconfig");
	const berth = (verb: string, ...args: string[]): string => {
		const result = spawnSync("npx", ["berth", "lab", verb, "--name", lab, ...args], { encoding: "utf8" });
		if (result.status !== 0) throw new Error(`berth lab ${verb}: ${result.stderr}`);
		return result.stdout;
	};
	const down = () => {
		berth("down");
		rmSync(directory, { recursive: true, force: true });
	};
	try {
		berth("down");
		berth("up", "--hosts", "1", "--kubeconfig", kubeconfig);
		berth("load-image", ...images);
		const transport = httpsTransport({
			...(await loadKubeconfig(readFileSync(kubeconfig, "utf8"))),
			clock: systemClock,
			log: silentLogger,
		});
		return {
			client: createClient(transport),
			shell: (script) => berth("exec", HOST, "--", "sh", "-c", script),
			async [Symbol.asyncDispose]() {
				await transport.close();
				down();
			},
		};
	} catch (error) {
		down();
		throw error;
	}
}

export interface Cost {
	/** Resident, in MB. */
	readonly memory: number;
	/** Share of a core, in %. */
	readonly cpu: number;
}

/** Of a program on the host, found by what its command line matches, over some seconds. */
export function costOf({ shell }: OneHost, pattern: string, seconds: number): Cost {
	const script = `p=$(pgrep -of '${pattern}'); used() { cut -d' ' -f14,15 /proc/$p/stat; }; used; sleep ${seconds}; used; grep VmRSS /proc/$p/status`;
	const [before = "", after = "", memory = ""] = shell(script).trim().split("\n");
	const ticks = (text: string) => text.split(" ").reduce((sum, part) => sum + Number(part), 0);
	return {
		memory: Number(/\d+/.exec(memory)?.[0]) / 1024,
		cpu: (ticks(after) - ticks(before)) / seconds,
	};
}

export const AGENT = "berth.js node";
export const DOCKERD = "^dockerd";
