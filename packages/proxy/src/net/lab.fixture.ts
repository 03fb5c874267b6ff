/**
 * A small network of namespaces for tests with the kernel's own rules (root only): a node with two pods on a bridge, and a
 * neighbour that is another node with one pod, and a client outside of the cluster.
 *
 *     pod1 10.244.1.2 ┐                                        ┌ 10.244.2.2, its pod
 *                     ├ bridge 10.244.1.1, node 192.168.50.1 ── neighbour 192.168.50.2
 *     pod2 10.244.1.3 ┘
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { KubeObject } from "@berth/api";

const execute = promisify(execFile);

export type Place = "node" | "neighbour" | "pod1" | "pod2";

export interface Lab {
	/** Runs a program there and answers its output; its exit code does not matter. */
	exec(place: Place, ...command: string[]): Promise<string>;
	/** `NAME CLIENT-ADDRESS` as the backend that was reached says, or how it went wrong. */
	tcp(from: Place, address: string, port: number): Promise<string>;
	/** With a source port of its own choice a client keeps its flow. */
	udp(from: Place, address: string, port: number, source?: number): Promise<string>;
	/** Puts objects into the API server that the node's proxy watches. */
	put(...objects: KubeObject[]): void;
	remove(...objects: KubeObject[]): void;
	/** Ends the proxy, and removes its rules when asked to. Answers when it is gone. */
	stopProxy(options: { cleanup: boolean }): Promise<void>;
	startProxy(): Promise<void>;
	close(): Promise<void>;
}

export type Variant = "nft" | "legacy";

/** `variant` is what the node's iptables is. */
export async function createLab(variant: Variant): Promise<Lab> {
	const name = (place: Place) => `berth-test-${process.pid}-${variant}-${place}`;
	const places: readonly Place[] = ["node", "neighbour", "pod1", "pod2"];
	const programs = await mkdtemp(join(tmpdir(), "berth-iptables-"));
	for (const program of ["iptables", "iptables-save", "iptables-restore"]) {
		const [base, ...rest] = program.split("-");
		await symlink(`/usr/sbin/${[base, variant, ...rest].join("-")}`, join(programs, program));
	}
	const env = { ...process.env, PATH: `${programs}:${process.env.PATH}` };
	const children = new Set<ChildProcess>();
	let proxy: ChildProcess | undefined;

	const ip = async (...args: string[]) => void (await execute("ip", args));
	const inside = (place: Place, command: readonly string[]) => ["netns", "exec", name(place), ...command];
	const start = async (place: Place, ...args: string[]) => {
		const child = spawn("ip", inside(place, [process.execPath, ...args]), {
			stdio: ["pipe", "pipe", "inherit"],
			env,
		});
		children.add(child);
		child.on("exit", () => children.delete(child));
		const lines = createInterface(child.stdout);
		// Its first line says that it is ready.
		await Promise.race([once(lines, "line"), once(child, "exit")]);
		return child;
	};
	const fixture = (file: string) => new URL(file, import.meta.url).pathname;

	const ask = async (from: Place, protocol: string, address: string, port: number, source: number) =>
		(
			await lab.exec(
				from,
				process.execPath,
				fixture("ask.fixture.ts"),
				protocol,
				...[address, `${port}`, `${source}`],
			)
		).trim();

	const lab: Lab = {
		exec: (place, ...command) =>
			execute("ip", inside(place, command), { env }).then(
				({ stdout }) => stdout,
				(error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ""}${error.stderr ?? ""}`,
			),
		tcp: async (from, address, port) => ask(from, "tcp", address, port, 0),
		udp: async (from, address, port, source = 0) => ask(from, "udp", address, port, source),
		put: (...objects) => void proxy?.stdin?.write(`${JSON.stringify({ put: objects })}\n`),
		remove: (...objects) => void proxy?.stdin?.write(`${JSON.stringify({ remove: objects })}\n`),
		startProxy: async () => {
			proxy = await start("node", fixture("proxy-process.fixture.ts"));
		},
		stopProxy: async ({ cleanup }) => {
			if (!proxy) return;
			const gone = once(proxy, "exit");
			proxy.stdin?.end(cleanup ? `${JSON.stringify({ cleanup: true })}\n` : "");
			await gone;
			proxy = undefined;
		},
		close: async () => {
			const gone = [...children].map((child) => once(child, "exit"));
			for (const child of children) child.kill("SIGKILL");
			await Promise.all(gone);
			for (const place of places) await ip("netns", "delete", name(place)).catch(() => {});
			await rm(programs, { recursive: true });
		},
	};

	try {
		for (const place of places) {
			await ip("netns", "add", name(place));
			await ip("-n", name(place), "link", "set", "lo", "up");
		}
		const node = ["-n", name("node")];
		await ip(
			...node,
			"link",
			"add",
			"eth0",
			"type",
			"veth",
			"peer",
			"name",
			"eth0",
			"netns",
			name("neighbour"),
		);
		await ip(...node, "link", "add", "cni0", "type", "bridge");
		await ip(...node, "address", "add", "192.168.50.1/24", "dev", "eth0");
		await ip(...node, "address", "add", "10.244.1.1/24", "dev", "cni0");
		for (const device of ["eth0", "cni0"]) await ip(...node, "link", "set", device, "up");
		for (const [pod, address] of [
			["pod1", "10.244.1.2/24"],
			["pod2", "10.244.1.3/24"],
		] as const) {
			await ip(...node, "link", "add", pod, "type", "veth", "peer", "name", "eth0", "netns", name(pod));
			await ip(...node, "link", "set", pod, "master", "cni0", "up");
			await ip(...node, "link", "set", pod, "type", "bridge_slave", "hairpin", "on");
			await ip("-n", name(pod), "address", "add", address, "dev", "eth0");
			await ip("-n", name(pod), "link", "set", "eth0", "up");
			await ip("-n", name(pod), "route", "add", "default", "via", "10.244.1.1");
		}
		const neighbour = ["-n", name("neighbour")];
		await ip(...neighbour, "address", "add", "192.168.50.2/24", "dev", "eth0");
		await ip(...neighbour, "link", "set", "eth0", "up");
		await ip(...neighbour, "address", "add", "10.244.2.2/32", "dev", "lo");
		await ip(...neighbour, "route", "add", "10.244.1.0/24", "via", "192.168.50.1");
		await ip(...neighbour, "route", "add", "10.96.0.0/16", "via", "192.168.50.1");
		await ip(...node, "route", "add", "10.244.2.0/24", "via", "192.168.50.2");
		// As Docker leaves it.
		await lab.exec("node", "iptables", "-P", "FORWARD", "DROP");
		await Promise.all([
			start("pod1", fixture("backend.fixture.ts"), "pod1", "10.244.1.2"),
			start("pod2", fixture("backend.fixture.ts"), "pod2", "10.244.1.3"),
			start("neighbour", fixture("backend.fixture.ts"), "pod3", "10.244.2.2"),
		]);
		return lab;
	} catch (error) {
		await lab.close();
		throw error;
	}
}
