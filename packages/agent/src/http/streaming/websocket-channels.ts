/**
 * Remote commands over WebSocket: every message begins with its channel (0 stdin, 1 stdout, 2 stderr, 3 error, 4
 * resize); `v5` adds 255, which closes a channel, so that the end of input can be told.
 */
import { PassThrough, Writable } from "node:stream";
import type { WebSocket } from "ws";
import type { ProcessOptions } from "../containers.ts";
import { type Channels, createSizes, lastWord, parseSize } from "./channels.ts";

const CLOSE = 255;
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

/** In order of preference. */
export const COMMAND_PROTOCOLS: readonly string[] = [
	"v5.channel.k8s.io",
	"v4.channel.k8s.io",
	"v4.base64.channel.k8s.io",
	"channel.k8s.io",
	"base64.channel.k8s.io",
];

/** How a subprotocol writes bytes into messages. */
export function codecOf(protocol: string) {
	const base64 = protocol.includes("base64");
	return {
		encode: (channel: number, data: Buffer): Buffer | string =>
			base64 ? `${channel}${data.toString("base64")}` : Buffer.concat([Buffer.from([channel]), data]),
		decode: (message: Buffer): { channel: number; data: Buffer } =>
			base64
				? {
						channel: (message[0] ?? 0) - 0x30,
						data: Buffer.from(message.toString("latin1", 1), "base64"),
					}
				: { channel: message[0] ?? 0, data: message.subarray(1) },
	};
}

export function websocketChannels(socket: WebSocket, options: ProcessOptions): Channels {
	const codec = codecOf(socket.protocol);
	const stop = new AbortController();
	const stdin = options.stdin ? new PassThrough() : undefined;
	const sizes = createSizes();

	const output = (channel: number) =>
		new Writable({
			write: (data: Buffer, _encoding, done) =>
				socket.readyState === socket.OPEN ? socket.send(codec.encode(channel, data), done) : done(),
		});

	// Reading stops while the process is not ready for more input.
	stdin?.on("drain", () => socket.resume());
	socket.on("message", (raw) => {
		const message = Buffer.isBuffer(raw) ? raw : Buffer.concat(Array.isArray(raw) ? raw : [Buffer.from(raw)]);
		if (message.length === 0) return;
		const { channel, data } = codec.decode(message);
		if (channel === CHANNEL.stdin && data.length && stdin && !stdin.writableEnded && !stdin.write(data))
			socket.pause();
		if (channel === CLOSE && data[0] === CHANNEL.stdin) stdin?.end();
		if (channel === CHANNEL.resize) {
			const size = parseSize(data.toString());
			if (size) sizes.tell(size);
		}
	});
	const gone = () => {
		stdin?.end();
		stop.abort();
	};
	socket.on("close", gone);
	socket.on("error", gone);

	return {
		...(stdin ? { stdin } : {}),
		...(options.stdout ? { stdout: output(CHANNEL.stdout) } : {}),
		...(options.stderr ? { stderr: output(CHANNEL.stderr) } : {}),
		onResize: sizes.onResize,
		finish: async (status) => {
			if (socket.readyState !== socket.OPEN) return;
			const word = Buffer.from(lastWord(socket.protocol, status));
			if (word.length > 0)
				await new Promise((resolve) => socket.send(codec.encode(CHANNEL.error, word), resolve));
			socket.close(1000);
		},
		signal: stop.signal,
	};
}
