/**
 * Connections to `localhost` as a pod sees it. A process cannot change the network of one of its threads from
 * JavaScript, so a small child does: it enters the pod's network, connects, and carries bytes between the connection
 * and its own standard streams.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { Duplex } from "node:stream";

const CHILD = `
const socket = require("node:net").connect({ port: Number(process.argv[1]), host: "localhost", allowHalfOpen: true });
socket.on("error", (error) => { process.stderr.write(error.message); process.exit(1); });
socket.on("connect", () => {
	process.stderr.write("connected");
	process.stdin.pipe(socket);
	socket.pipe(process.stdout);
	// Standard output cannot be ended, only closed; writes to a pipe are complete when they return.
	socket.on("end", () => require("node:fs").closeSync(1));
	socket.on("close", () => process.exit(0));
});
`;
const CONNECTED = "connected";

/** `pid` is a process in the pod's network namespace. Rejects with the reason when nobody listens. */
export function dialInPod(pid: number, port: number): Promise<Duplex> {
	const child = spawn(
		"nsenter",
		["--target", `${pid}`, "--net", "--", process.execPath, "-e", CHILD, `${port}`],
		{ stdio: ["pipe", "pipe", "pipe"] },
	);
	return new Promise((resolve, reject) => {
		let said = "";
		const failed = (error?: Error) => reject(error ?? new Error(said || "the connection was closed"));
		child.once("error", failed);
		child.once("exit", () => failed());
		child.stdin.on("error", () => {});
		child.stderr.on("data", (chunk: Buffer) => {
			said += chunk;
			if (said !== CONNECTED) return;
			child.off("error", failed);
			child.off("exit", failed);
			const connection = Duplex.from({ writable: child.stdin, readable: child.stdout });
			connection.once("close", () => child.kill("SIGKILL"));
			connection.on("error", () => child.kill("SIGKILL"));
			resolve(connection);
		});
	});
}
