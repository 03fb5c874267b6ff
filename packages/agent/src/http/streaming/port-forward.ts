/**
 * Port forwarding: for each connection the client opens a pair of SPDY streams, `error` and `data`, with the same
 * `requestID`. Today's clients carry that SPDY connection inside a WebSocket; older ones upgrade to SPDY directly.
 */
import { Duplex, pipeline } from "node:stream";
import type { Logger } from "@berth/api";
import type { WebSocket } from "ws";
import type { Containers, PodDialer } from "../containers.ts";
import { SpdySession, type SpdyStream } from "../spdy/spdy-session.ts";

export const PORT_FORWARD_PROTOCOL = "portforward.k8s.io";
export const TUNNEL_PROTOCOL = `SPDY/3.1+${PORT_FORWARD_PROTOCOL}`;

export interface PortForwardOptions {
	readonly socket: Duplex;
	readonly containers: Pick<Containers, "dialer">;
	readonly namespace: string;
	readonly pod: string;
	readonly log: Logger;
}

/** Serves until the client is gone. */
export function forwardPorts(options: PortForwardOptions): Promise<void> {
	const waiting = new Map<string, Partial<Record<"data" | "error", SpdyStream>>>();
	const { namespace, pod } = options;
	const dialer = options.containers.dialer({ namespace, pod });
	return new Promise((resolve) => {
		new SpdySession({
			socket: options.socket,
			onStream: (stream) => {
				stream.on("error", () => {});
				const type = stream.headers.get("streamtype");
				if (type !== "data" && type !== "error") return stream.destroy();
				// Clients say nothing there, but its end is seen only by who reads.
				if (type === "error") stream.resume();
				// Very old clients send no id: their data stream follows its error stream.
				const id = stream.headers.get("requestid") ?? String(type === "error" ? stream.id : stream.id - 2);
				const pair = { ...waiting.get(id), [type]: stream };
				waiting.set(id, pair);
				stream.once("close", () => waiting.delete(id));
				if (!pair.data || !pair.error) return undefined;
				waiting.delete(id);
				void connect(options, dialer, pair.data, pair.error);
				return undefined;
			},
			onClose: (error) => {
				dialer.close();
				if (error) options.log.debug({ error, pod }, "a port forward broke");
				resolve();
			},
		});
	});
}

async function connect(
	{ namespace, pod }: PortForwardOptions,
	dialer: PodDialer,
	data: SpdyStream,
	error: SpdyStream,
): Promise<void> {
	const port = Number(data.headers.get("port"));
	try {
		if (!Number.isInteger(port) || port < 1 || port > 65535)
			throw new Error(`invalid port ${data.headers.get("port")}`);
		const connection = await dialer.dial(port);
		data.once("close", () => connection.destroy());
		pipeline(data, connection, () => {});
		pipeline(connection, data, () => error.end());
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		error.end(`error forwarding port ${port} to pod ${namespace}/${pod}: ${why}`);
		data.destroy();
	}
}

/** The bytes of a WebSocket's binary messages as one stream, back pressure included. */
export function tunnelOf(socket: WebSocket): Duplex {
	const tunnel = new Duplex({
		read: () => socket.resume(),
		write: (chunk: Buffer, _encoding, done) =>
			socket.readyState === socket.OPEN
				? socket.send(chunk, done)
				: done(new Error("the WebSocket is closed")),
		final: (done) => {
			socket.close(1000);
			done();
		},
		destroy: (error, done) => {
			socket.terminate();
			done(error);
		},
	});
	socket.on("message", (raw) => {
		const message = Buffer.isBuffer(raw) ? raw : Buffer.concat(Array.isArray(raw) ? raw : [Buffer.from(raw)]);
		if (!tunnel.push(message)) socket.pause();
	});
	socket.on("close", () => {
		// A paused WebSocket still closes; reading on tells the reader so.
		if (!tunnel.readableEnded && !tunnel.destroyed) tunnel.push(null);
	});
	socket.on("error", (error) => tunnel.destroy(error));
	return tunnel;
}
