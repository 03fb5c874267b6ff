/** Bytes over TLS, for requests that no client library would send; for tests. */
import { connect, type TLSSocket } from "node:tls";
import type { TestServer } from "./test-server.ts";

export interface RawConnection extends Disposable {
	readonly socket: TLSSocket;
	send(text: string | Uint8Array): void;
	/** Everything received so far, once it matches. Throws after two seconds. */
	until(pattern: RegExp): Promise<string>;
	/** Resolves with everything received when the server has closed the connection. */
	readonly closed: Promise<string>;
}

export async function rawConnection(
	server: TestServer,
	credentials: object = server.admin,
): Promise<RawConnection> {
	const socket = connect({
		host: "127.0.0.1",
		port: server.api.port,
		servername: "localhost",
		ca: server.pki.caPem,
		ALPNProtocols: ["http/1.1"],
		...credentials,
	});
	let received = "";
	socket.on("data", (chunk: Buffer) => {
		received += chunk.toString("latin1");
		socket.emit("received");
	});
	const closed = new Promise<string>((resolve) => {
		socket.on("close", () => resolve(received));
		socket.on("error", () => {});
	});
	await new Promise<void>((resolve, reject) => {
		socket.once("secureConnect", resolve);
		socket.once("error", reject);
	});
	return {
		socket,
		closed,
		send: (text) => void socket.write(text),
		until: (pattern) =>
			new Promise((resolve, reject) => {
				const timer = setTimeout(
					() => reject(new Error(`never came: ${pattern}, but: ${received.slice(0, 500)}`)),
					2_000,
				);
				const look = () => {
					if (!pattern.test(received)) return;
					clearTimeout(timer);
					socket.off("received", look);
					resolve(received);
				};
				socket.on("received", look);
				look();
			}),
		[Symbol.dispose]: () => socket.destroy(),
	};
}
