/** A control plane as a process of its own, on loopback, in a directory that goes with it; and the stock clients' way in. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { silentLogger, systemClock } from "@berth/api";
import { openPki, type Pki } from "@berth/apiserver";
import { type Client, type Credentials, createClient, httpsTransport, loadKubeconfig } from "@berth/client";
import { freePort } from "../bench/server-process.ts";
import { type HollowNode, type HollowNodeOptions, startHollowNode } from "./hollow-node.ts";
import { createKubectl, type Kubectl } from "./kubectl.ts";

export interface Cluster extends AsyncDisposable {
	readonly directory: string;
	readonly kubeconfig: string;
	readonly url: string;
	readonly credentials: Credentials;
	readonly pki: Pki;
	/** kubectl as an administrator. */
	readonly kubectl: Kubectl;
	/** Berth's own client as an administrator; for what has no command. */
	readonly client: Client;
	/** What the server has logged so far. */
	log(): string;
	/** Ends the server at once, as a power cut would. */
	kill(): Promise<void>;
	/** Starts it again after `kill`, with the same state and port. */
	start(): Promise<void>;
	addNode(name: string, options?: HollowNodeOptions): Promise<HollowNode>;
}

const MAIN = join(import.meta.dirname, "../../packages/cli/src/main.ts");

/** `flags` go to `berth server`. Resolves when the server is ready. */
export async function startCluster(...flags: string[]): Promise<Cluster> {
	const directory = mkdtempSync(join(tmpdir(), "berth-conformance-"));
	const home = join(directory, "home");
	mkdirSync(home);
	const kubeconfig = join(directory, "kubeconfig");
	const nodes: HollowNode[] = [];
	let log = "";
	const port = await freePort();
	let child: ChildProcess | undefined;

	const start = async () => {
		rmSync(kubeconfig, { force: true });
		const args = [
			"server",
			"--data-dir",
			directory,
			"--port",
			`${port}`,
			"--kubeconfig",
			kubeconfig,
			...flags,
		];
		const started = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "pipe"] });
		child = started;
		started.stderr.on("data", (chunk) => {
			log += chunk;
		});
		while (!existsSync(kubeconfig)) {
			if (started.exitCode !== null) throw new Error(`the server ended with ${started.exitCode}: ${log}`);
			await sleep(10);
		}
	};
	const stop = async (signal: NodeJS.Signals) => {
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise((resolve) => child?.once("exit", resolve));
		child.kill(signal);
		await ended;
	};

	await start();
	const credentials = await loadKubeconfig(kubeconfig);
	const connect = (as: Credentials) =>
		createClient(httpsTransport({ ...as, clock: systemClock, log: silentLogger }));
	const client = connect(credentials);
	const pki = await openPki(directory);
	return {
		directory,
		kubeconfig,
		url: credentials.server,
		credentials,
		pki,
		client,
		kubectl: createKubectl({ kubeconfig, home }),
		log: () => log,
		kill: () => stop("SIGKILL"),
		start,
		addNode: async (name, options) => {
			const text = await pki.nodeKubeconfig({ name, addresses: [], server: credentials.server });
			const node = await startHollowNode(name, connect(await loadKubeconfig(text)), options);
			nodes.push(node);
			return node;
		},
		[Symbol.asyncDispose]: async () => {
			await Promise.all(nodes.map((node) => node.stop()));
			await client.transport.close();
			await stop("SIGTERM");
			rmSync(directory, { recursive: true, force: true });
		},
	};
}
