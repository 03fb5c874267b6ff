/**
 * Connections to `localhost` as a pod sees it. A process cannot change the network of one of its threads from
 * JavaScript, so a small child does: it enters the pod's network, connects, and hands the connected socket over. From
 * then on it is the agent's own socket.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import process from "node:process";
import type { PodDialer } from "./containers.ts";

/** Reads nothing: what comes before the socket is handed over stays in the kernel. Ends with its channel. */
const CHILD = `
const net = require("node:net");
const connect = (id, port, hosts, refusal) => {
	const [host, ...others] = hosts;
	const socket = new net.Socket({ allowHalfOpen: true });
	socket.pause();
	socket.once("error", (error) => {
		const first = refusal ?? { id, error: error.message, code: error.code };
		if (error.code === "ECONNREFUSED" && others.length) connect(id, port, others, first);
		else process.send(first);
	});
	socket.connect({ port, host, noDelay: true }, () => process.send({ id }, socket));
};
process.on("message", ({ id, port }) => connect(id, port, ["127.0.0.1", "::1"]));
process.on("disconnect", () => process.exit(0));
`;

interface Answer {
	readonly id: number;
	readonly error?: string;
	readonly code?: string;
}

interface Waiting {
	readonly port: number;
	readonly resolve: (socket: Socket) => void;
	readonly reject: (error: Error) => void;
}

interface Child {
	readonly pid: number;
	readonly dial: (port: number) => Promise<Socket>;
	readonly isOver: () => boolean;
	readonly close: () => void;
}

/** `pidOf` answers with a process in the pod's network; it may be another one when the pod's sandbox is made anew. */
export function createDialer(pidOf: () => Promise<number>): PodDialer {
	let child: Child | undefined;
	let closed = false;
	return {
		async dial(port) {
			const pid = await pidOf();
			if (closed) throw new Error("the connection was closed");
			if (child?.pid !== pid || child.isOver()) {
				child?.close();
				child = startChild(pid);
			}
			return child.dial(port);
		},
		close() {
			closed = true;
			child?.close();
		},
	};
}

function startChild(pid: number): Child {
	const program: ChildProcess = spawn(
		"nsenter",
		["--target", `${pid}`, "--net", "--", process.execPath, "-e", CHILD],
		{ stdio: ["ignore", "ignore", "pipe", "ipc"] },
	);
	const waiting = new Map<number, Waiting>();
	let last = 0;
	let said = "";
	let over = false;
	const end = (reason: string) => {
		over = true;
		for (const { reject } of waiting.values()) reject(new Error(said.trim() || reason));
		waiting.clear();
	};
	program.stderr?.on("data", (chunk: Buffer) => {
		said = (said + chunk).slice(-1_000);
	});
	program.on("error", ({ message }) => end(message));
	program.on("close", () => end("the pod's network cannot be entered"));
	program.on("message", (message, handle) => {
		const { id, error, code } = message as Answer;
		const asked = waiting.get(id);
		waiting.delete(id);
		if (!(handle instanceof Socket)) {
			const reason = code === "ECONNREFUSED" ? "connection refused" : (error ?? "the connection was closed");
			asked?.reject(new Error(`dial tcp 127.0.0.1:${asked.port}: connect: ${reason}`));
			return;
		}
		handle.allowHalfOpen = true;
		if (asked) asked.resolve(handle);
		else handle.destroy();
	});
	return {
		pid,
		isOver: () => over,
		dial: (port) =>
			new Promise((resolve, reject) => {
				last += 1;
				waiting.set(last, { port, resolve, reject });
				// What cannot be sent any more is told at the end of the program.
				program.send({ id: last, port }, () => {});
			}),
		close: () => {
			if (program.connected) program.disconnect();
		},
	};
}
