/**
 * Ports over a WebSocket without SPDY inside, for programs that name them beforehand: each port of the query is one
 * connection. Its data and its errors are two channels, the first one even, and the server's first words on both are the
 * port itself: 16 bits, the lower ones first.
 */
import { type Duplex, PassThrough, pipeline, Writable } from "node:stream";
import type { WebSocket } from "ws";
import type { Containers, PodDialer } from "../containers.ts";
import { codecOf } from "./websocket-channels.ts";

export const PORT_PROTOCOLS: readonly string[] = ["v4.channel.k8s.io", "v4.base64.channel.k8s.io"];

/** As many as have numbers for their channels: one byte, or one digit. */
export const mostPorts = (protocol: string): number => (protocol.includes("base64") ? 5 : 128);

export interface NamedPorts {
	readonly socket: WebSocket;
	readonly ports: readonly number[];
	readonly containers: Pick<Containers, "dialer">;
	readonly namespace: string;
	readonly pod: string;
}

/** Serves until all connections are over, or the client is gone. */
export async function forwardNamedPorts({
	socket,
	ports,
	containers,
	namespace,
	pod,
}: NamedPorts): Promise<void> {
	const codec = codecOf(socket.protocol);
	const send = (channel: number, data: Buffer, done: (error?: Error | null) => void = () => {}) =>
		socket.readyState === socket.OPEN ? socket.send(codec.encode(channel, data), done) : done();
	const dialer = containers.dialer({ namespace, pod });
	const inputs = ports.map(() => new PassThrough());
	for (const input of inputs) input.on("drain", () => socket.resume());
	socket.on("message", (raw: Buffer) => {
		const { channel, data } = codec.decode(raw);
		// Nothing is to be said on the channels of errors.
		const input = channel % 2 === 0 ? inputs[channel / 2] : undefined;
		if (data.length > 0 && input && !input.destroyed && !input.write(data)) socket.pause();
	});
	const gone = () => {
		for (const input of inputs) input.destroy();
		dialer.close();
	};
	socket.on("close", gone);
	socket.on("error", gone);
	await Promise.all(
		ports.map(async (port, index) => {
			const [data, errors] = [index * 2, index * 2 + 1];
			const name = Buffer.alloc(2);
			name.writeUInt16LE(port);
			send(data, name);
			send(errors, name);
			const output = new Writable({ write: (chunk: Buffer, _encoding, done) => send(data, chunk, done) });
			await connect({ dialer, port, input: inputs[index] ?? new PassThrough(), output }).catch(
				(cause: Error) =>
					send(
						errors,
						Buffer.from(`error forwarding port ${port} to pod ${namespace}/${pod}: ${cause.message}`),
					),
			);
		}),
	);
	socket.close(1000);
}

interface Connection {
	readonly dialer: PodDialer;
	readonly port: number;
	readonly input: PassThrough;
	readonly output: Writable;
}

/** Resolves when the pod has said all; rejects when nobody listens. */
async function connect({ dialer, port, input, output }: Connection): Promise<void> {
	const connection: Duplex = await dialer.dial(port);
	if (input.destroyed) connection.destroy();
	// A client that is gone leaves no connection behind.
	input.once("close", () => connection.destroy());
	pipeline(input, connection, () => {});
	await new Promise<void>((resolve) => pipeline(connection, output, () => resolve()));
}
