/**
 * The server's side of a SPDY/3.1 connection, as much as Kubernetes' clients use: streams opened by the client, data,
 * half-close, reset, ping. Those clients neither keep nor announce flow-control windows, so there are none here either;
 * TCP's own back pressure holds both sides.
 */
import { Duplex } from "node:stream";
import {
	controlFrame,
	dataFrame,
	FLAG_FIN,
	type Frame,
	FrameParser,
	rstStream,
	streamIdOf,
	TYPE,
} from "./frames.ts";
import { HeaderCodec, type Headers } from "./header-codec.ts";

const CANCEL = 5;
const REFUSED_STREAM = 3;
/** Data frames are cut to this, so that one stream does not hold the others up for long. */
const MAX_DATA = 32 * 1024;
const MAX_STREAMS = 1000;

export interface SpdySessionOptions {
	/** What the SPDY bytes travel on; owned by the session from here on. */
	readonly socket: Duplex;
	/** A stream the client opened, already accepted. */
	readonly onStream: (stream: SpdyStream) => void;
	/** The connection is over; `error` when it broke or spoke nonsense. */
	readonly onClose: (error?: Error) => void;
}

export class SpdySession {
	readonly #socket: Duplex;
	readonly #options: SpdySessionOptions;
	readonly #parser = new FrameParser();
	readonly #codec = new HeaderCodec();
	readonly #streams = new Map<number, SpdyStream>();
	/** Frames are handled one after the other: header blocks need the zlib state that the one before left. */
	#handling: Promise<void> = Promise.resolve();
	#closed = false;

	constructor(options: SpdySessionOptions) {
		this.#options = options;
		this.#socket = options.socket;
		this.#socket.on("data", (chunk: Buffer) => this.#receive(chunk));
		this.#socket.on("error", (error) => this.close(error));
		this.#socket.on("close", () => this.close());
		this.#socket.on("end", () => this.close());
	}

	close(error?: Error): void {
		if (this.#closed) return;
		this.#closed = true;
		for (const stream of this.#streams.values()) stream.destroy();
		this.#streams.clear();
		this.#codec.close();
		this.#socket.end();
		this.#options.onClose(error);
	}

	#receive(chunk: Buffer): void {
		let frames: Frame[];
		try {
			frames = this.#parser.push(chunk);
		} catch (error) {
			return this.close(error as Error);
		}
		if (frames.length === 0) return;
		this.#socket.pause();
		this.#handling = this.#handling
			.then(async () => {
				for (const frame of frames) if (!this.#closed) await this.#handle(frame);
				this.#socket.resume();
			})
			.catch((error: Error) => this.close(error));
	}

	async #handle(frame: Frame): Promise<void> {
		if (!frame.control) {
			const stream = this.#streams.get(frame.stream);
			// A stream that was reset here may still be sent to for a while.
			await stream?.receive(frame.payload, (frame.flags & FLAG_FIN) !== 0);
			return;
		}
		switch (frame.type) {
			case TYPE.synStream:
				return this.#open(frame.payload, frame.flags);
			case TYPE.rstStream:
				this.#streams.get(streamIdOf(frame.payload))?.destroy();
				return;
			case TYPE.ping:
				this.#socket.write(controlFrame(TYPE.ping, 0, frame.payload));
				return;
			case TYPE.headers:
				// Carries nothing that is used here, but is part of the zlib stream.
				await this.#codec.decode(frame.payload.subarray(4));
				return;
			default:
		}
	}

	async #open(payload: Buffer, flags: number): Promise<void> {
		const id = streamIdOf(payload);
		const headers = await this.#codec.decode(payload.subarray(10));
		if (this.#closed) return;
		if (this.#streams.size >= MAX_STREAMS || this.#streams.has(id)) {
			this.#socket.write(rstStream(id, REFUSED_STREAM));
			return;
		}
		const stream = new SpdyStream(id, headers, {
			send: (data, fin, done) => this.#send(id, data, fin, done),
			gone: (finished) => {
				if (this.#streams.delete(id) && !finished && !this.#closed) this.#socket.write(rstStream(id, CANCEL));
			},
		});
		this.#streams.set(id, stream);
		const reply = Buffer.alloc(4);
		reply.writeUInt32BE(id);
		this.#socket.write(controlFrame(TYPE.synReply, 0, Buffer.concat([reply, await this.#codec.encode([])])));
		if (flags & FLAG_FIN) await stream.receive(Buffer.alloc(0), true);
		this.#options.onStream(stream);
	}

	#send(id: number, data: Buffer, fin: boolean, done: (error?: Error | null) => void): void {
		if (this.#closed) return done(new Error("the connection is closed"));
		if (data.length === 0 && !fin) return done();
		let at = 0;
		do {
			const part = data.subarray(at, at + MAX_DATA);
			at += part.length;
			const last = at >= data.length;
			this.#socket.write(dataFrame(id, last && fin ? FLAG_FIN : 0, part), last ? done : undefined);
		} while (at < data.length);
	}
}

interface Link {
	send(data: Buffer, fin: boolean, done: (error?: Error | null) => void): void;
	/** `finished`: both sides have ended; otherwise the stream was given up. */
	gone(finished: boolean): void;
}

/** One stream: reading gives what the client sends, `end()` closes our half, `destroy()` gives it up. */
export class SpdyStream extends Duplex {
	readonly id: number;
	readonly headers: Headers;
	readonly #link: Link;
	#drained: (() => void) | undefined;

	constructor(id: number, headers: Headers, link: Link) {
		super({ allowHalfOpen: true });
		this.id = id;
		this.headers = headers;
		this.#link = link;
	}

	/** Resolves when there is room for more. */
	async receive(data: Buffer, fin: boolean): Promise<void> {
		if (this.destroyed) return;
		const full = data.length > 0 && !this.push(data);
		if (fin) this.push(null);
		else if (full) {
			await new Promise<void>((resolve) => {
				this.#drained = resolve;
			});
		}
	}

	override _read(): void {
		this.#drained?.();
		this.#drained = undefined;
	}

	override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
		this.#link.send(chunk, false, done);
	}

	override _final(done: (error?: Error | null) => void): void {
		this.#link.send(Buffer.alloc(0), true, done);
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		this.#drained?.();
		this.#link.gone(this.readableEnded && this.writableFinished);
		done(error);
	}
}
