/** Remote commands over SPDY/3.1: the client opens one stream for each of error, stdin, stdout, stderr and resize. */
import type { Duplex } from "node:stream";
import type { ProcessOptions } from "../containers.ts";
import { SpdySession, type SpdyStream } from "../spdy/spdy-session.ts";
import { type Channels, createSizes, lastWord, parseSize } from "./channels.ts";

/** In order of preference. From v4 on the exit status is a Status object, from v3 on terminals are resized. */
export const SPDY_PROTOCOLS: readonly string[] = [
	"v4.channel.k8s.io",
	"v3.channel.k8s.io",
	"v2.channel.k8s.io",
	"channel.k8s.io",
];

/** How long the client may take to open its streams. Milliseconds. */
const OPEN_TIMEOUT = 30_000;

/** Resolves when the client has opened all streams that the options ask for; throws when it does not. */
export function spdyChannels(socket: Duplex, options: ProcessOptions, protocol: string): Promise<Channels> {
	const wanted = new Set<string>(["error"]);
	if (options.stdin) wanted.add("stdin");
	if (options.stdout) wanted.add("stdout");
	if (options.stderr && !options.tty) wanted.add("stderr");
	if (options.tty && resizes(protocol)) wanted.add("resize");

	return new Promise((resolve, reject) => {
		const stop = new AbortController();
		const streams = new Map<string, SpdyStream>();
		const timer = setTimeout(
			() => session.close(new Error("the client did not open its streams")),
			OPEN_TIMEOUT,
		);
		const session = new SpdySession({
			socket,
			onStream: (stream) => {
				const type = stream.headers.get("streamtype") ?? "";
				stream.on("error", () => {});
				streams.set(type, stream);
				if ([...wanted].every((name) => streams.has(name))) {
					clearTimeout(timer);
					resolve(channelsOf({ streams, session, protocol, signal: stop.signal }));
				}
			},
			onClose: (error) => {
				clearTimeout(timer);
				stop.abort();
				reject(error ?? new Error("the client went away"));
			},
		});
	});
}

const resizes = (protocol: string) => protocol.startsWith("v4") || protocol.startsWith("v3");

interface Connected {
	readonly streams: ReadonlyMap<string, SpdyStream>;
	readonly session: SpdySession;
	readonly protocol: string;
	readonly signal: AbortSignal;
}

function channelsOf({ streams, session, protocol, signal }: Connected): Channels {
	const sizes = createSizes();
	let text = "";
	streams.get("resize")?.on("data", (chunk: Buffer) => {
		// Objects follow each other without a separator and may be cut anywhere.
		text += chunk.toString();
		for (let end = text.indexOf("}"); end >= 0; end = text.indexOf("}")) {
			const size = parseSize(text.slice(0, end + 1).trim());
			text = text.slice(end + 1);
			if (size) sizes.tell(size);
		}
		if (text.length > 1024) text = "";
	});
	const stdin = streams.get("stdin");
	const stdout = streams.get("stdout");
	const stderr = streams.get("stderr");
	const ended = (stream: SpdyStream | undefined) =>
		!stream || stream.destroyed ? undefined : new Promise<void>((resolve) => void stream.end(resolve));
	return {
		...(stdin ? { stdin } : {}),
		...(stdout ? { stdout } : {}),
		...(stderr ? { stderr } : {}),
		onResize: sizes.onResize,
		finish: async (status) => {
			const error = streams.get("error");
			await Promise.all([ended(stdout), ended(stderr)]);
			const word = lastWord(protocol, status);
			if (error && !error.destroyed) await new Promise<void>((resolve) => void error.end(word, resolve));
			session.close();
		},
		signal,
	};
}
