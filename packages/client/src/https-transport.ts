/** The road between processes: JSON over one HTTP/2 connection, with watches as streams of lines on the same one. */
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import {
	type Call,
	type Clock,
	deepFreeze,
	type Logger,
	StatusError,
	type Transport,
	type WatchEvent,
} from "@berth/api";
import { type Connection, ConnectionError, createConnection } from "./connection.ts";
import type { ClientIdentity, Credentials } from "./credentials.ts";
import { jsonLines } from "./json-lines.ts";
import { responseError } from "./response-error.ts";

export interface HttpsTransportOptions extends Credentials {
	/**
	 * In place of `certificate` and `key`, where they are renewed while the process runs. Asked at each call: another one is
	 * shown on a new connection, and what is open on the old one goes on there.
	 */
	readonly identity?: (() => ClientIdentity) | undefined;
	readonly clock: Clock;
	readonly log: Logger;
	/** Milliseconds for a whole call, or until a watch is accepted. Default one minute. */
	readonly timeout?: number;
	readonly userAgent?: string;
}

/** Bytes of one answer; a list of a very large cluster stays far below. */
const MAX_BODY = 512 << 20;
/** Bytes of one event; the server takes no object near this size. */
const MAX_EVENT = 16 << 20;

interface Opened {
	readonly stream: ClientHttp2Stream;
	readonly code: number;
}

export function httpsTransport(options: HttpsTransportOptions): Transport {
	const { clock, log, timeout = 60_000 } = options;
	if (!options.server.startsWith("https://")) throw new TypeError(`not an https address: ${options.server}`);
	const connection = createConnection({ credentials: options, identity: options.identity, clock, log });

	/** Sends the call and resolves with the answer's head; `run` reads the rest within the same time limit. */
	async function exchange<T>(call: Call, path: string, run: (opened: Opened) => Promise<T>): Promise<T> {
		call.signal?.throwIfAborted();
		const { promise: interrupted, reject } = Promise.withResolvers<never>();
		const abort = () => reject(call.signal?.reason);
		call.signal?.addEventListener("abort", abort, { once: true });
		const cancel = clock.after(timeout, () =>
			reject(
				new ConnectionError(
					`${call.method} ${options.server}${call.path}: no answer within ${timeout / 1_000} s`,
				),
			),
		);
		let stream: ClientHttp2Stream | undefined;
		let over = false;
		try {
			const work = async () => {
				const opened = await open(connection, headersOf(options, call, path), call.body, (made) => {
					stream = made;
					// Given up while the connection was being made.
					if (over) made.close(constants.NGHTTP2_CANCEL);
				});
				return run(opened);
			};
			return await Promise.race([work(), interrupted]);
		} catch (error) {
			over = true;
			stream?.close(constants.NGHTTP2_CANCEL);
			throw described(error, call, options.server);
		} finally {
			cancel();
			call.signal?.removeEventListener("abort", abort);
		}
	}

	return {
		call: (call) =>
			exchange(call, pathOf(call), async ({ stream, code }) => {
				const text = await textOf(stream);
				if (code >= 400) throw responseError(code, text);
				return text === "" ? undefined : (JSON.parse(text) as unknown);
			}),

		watch: (call) =>
			exchange(
				call,
				pathOf({ ...call, query: { ...call.query, watch: "true" } }),
				async ({ stream, code }) => {
					if (code >= 400) throw responseError(code, await textOf(stream));
					return eventsOf(stream, call, options.server);
				},
			),

		close: () => connection.close(),
	};
}

/** Opens a stream, once more on a new session when the server has certainly not looked at the request. */
async function open(
	connection: Connection,
	headers: Record<string, string>,
	body: unknown,
	made: (stream: ClientHttp2Stream) => void,
): Promise<Opened> {
	const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
	for (let attempt = 0; ; attempt++) {
		const session = await connection.session();
		let stream: ClientHttp2Stream | undefined;
		try {
			stream = session.request(payload ? { ...headers, "content-length": `${payload.length}` } : headers, {
				endStream: !payload,
			});
			made(stream);
			if (payload) stream.end(payload);
			return await answered(stream);
		} catch (error) {
			if (attempt > 0 || !isUntouched(error, stream)) throw error;
		}
	}
}

function answered(stream: ClientHttp2Stream): Promise<Opened> {
	return new Promise((resolve, reject) => {
		stream.once("response", (headers: IncomingHttpHeaders) =>
			resolve({ stream, code: Number(headers[":status"] ?? 0) }),
		);
		// Stays for the life of the stream: whoever reads it sees the error there, and nobody may miss it here.
		stream.on("error", reject);
		stream.once("close", () => reject(new Error("the stream was closed without an answer")));
	});
}

/** The session was already on its way out, or the server refused the stream unread. */
function isUntouched(error: unknown, stream: ClientHttp2Stream | undefined): boolean {
	if (stream?.rstCode === constants.NGHTTP2_REFUSED_STREAM) return true;
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	return code === "ERR_HTTP2_GOAWAY_SESSION" || code === "ERR_HTTP2_INVALID_SESSION";
}

async function textOf(stream: ClientHttp2Stream): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length > MAX_BODY) throw new RangeError(`the answer is longer than ${MAX_BODY} bytes`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString("utf8");
}

function eventsOf(stream: ClientHttp2Stream, call: Call, server: string): AsyncIterable<WatchEvent> {
	const { signal } = call;
	// Also before, and between, the reader's turns.
	const abort = () => stream.close(constants.NGHTTP2_CANCEL);
	signal?.addEventListener("abort", abort, { once: true });
	if (signal?.aborted) abort();
	stream.once("close", () => signal?.removeEventListener("abort", abort));

	async function* events() {
		try {
			for await (const event of jsonLines(stream, MAX_EVENT)) {
				if (signal?.aborted) return;
				yield deepFreeze(event as WatchEvent);
			}
		} catch (error) {
			if (!signal?.aborted) throw described(error, call, server);
		} finally {
			abort();
		}
	}
	return events();
}

/** Errors of sockets, streams and parsers say neither whom nor what; those that the server named, and aborts, do. */
function described(error: unknown, call: Call, server: string): unknown {
	if (error instanceof StatusError || error instanceof ConnectionError) return error;
	if (call.signal?.aborted && error === call.signal.reason) return error;
	const message = error instanceof Error ? error.message : String(error);
	return new ConnectionError(`${call.method} ${server}${call.path}: ${message}`, { cause: error });
}

function headersOf(options: HttpsTransportOptions, call: Call, path: string): Record<string, string> {
	return {
		":method": call.method,
		":path": path,
		accept: "application/json",
		"user-agent": options.userAgent ?? "berth",
		...(options.token && { authorization: `Bearer ${options.token}` }),
		...(call.body !== undefined && { "content-type": call.contentType ?? "application/json" }),
	};
}

function pathOf({ path, query = {} }: Pick<Call, "path" | "query">): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
	return search.size ? `${path}?${search}` : path;
}
