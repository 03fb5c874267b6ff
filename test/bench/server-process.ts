/** A control plane of this clone as a process of its own, on loopback, in a directory that goes with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { loadKubeconfig } from "@berth/client";

export interface ServerProcess extends AsyncDisposable {
	readonly pid: number;
	readonly port: number;
	readonly credentials: Awaited<ReturnType<typeof loadKubeconfig>>;
	/** Milliseconds from the start of the process to its first "ok" at /readyz. */
	readonly readyAfter: number;
}

export interface ServerOptions {
	/** Used, and left, when given: a second start finds the state of the first. */
	readonly directory?: string | undefined;
	/** Default: the whole control plane. */
	readonly command?: "server" | "apiserver";
}

export async function startServer({
	directory,
	command = "server",
}: ServerOptions = {}): Promise<ServerProcess> {
	const own = directory ?? mkdtempSync(join(tmpdir(), "berth-bench-"));
	const port = await freePort();
	const kubeconfig = join(own, "kubeconfig");
	rmSync(kubeconfig, { force: true });
	const main = join(import.meta.dirname, "../../packages/cli/bin/berth.js");
	const args = [
		main,
		command,
		"--data-dir",
		own,
		"--port",
		`${port}`,
		"--kubeconfig",
		kubeconfig,
		"--log-level",
		"warn",
	];
	const began = performance.now();
	const child = spawn(process.execPath, [...profiling(), ...args], {
		stdio: ["ignore", "ignore", "inherit"],
	});
	const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
	await untilReady(child, port, kubeconfig);
	return {
		pid: child.pid ?? 0,
		port,
		credentials: await loadKubeconfig(readFileSync(kubeconfig, "utf8")),
		readyAfter: performance.now() - began,
		[Symbol.asyncDispose]: async () => {
			child.kill("SIGTERM");
			await ended;
			if (!directory) rmSync(own, { recursive: true, force: true });
		},
	};
}

/** What `BENCH_SERVER_FLAGS` adds to the server's Node: `--cpu-prof` and the like. */
const profiling = () => process.env.BENCH_SERVER_FLAGS?.split(" ") ?? [];

async function untilReady(child: ChildProcess, port: number, kubeconfig: string): Promise<void> {
	for (;;) {
		if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
		// The kubeconfig is written when the server is ready.
		if (existsSync(kubeconfig) && (await accepts(port))) return;
		await sleep(5);
	}
}

const accepts = (port: number) =>
	new Promise<boolean>((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.once("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(false));
	});

export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === "string") throw new Error("no port");
	return address.port;
}

/** Resident memory in MB, and CPU seconds used so far, of a process. */
export function usageOf(pid: number): { readonly memory: number; readonly cpu: number } {
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
	const ticks = Number(stat[11]) + Number(stat[12]);
	return { memory: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024, cpu: ticks / 100 };
}
