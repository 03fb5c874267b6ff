/** SPDY/3.1 frames as bytes (draft-mbelshe-httpbis-spdy-00, section 2.2). Pure, apart from the parser's own buffer. */

export const TYPE = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7, headers: 8 } as const;
export const FLAG_FIN = 1;
const VERSION = 3;
const HEADER = 8;
/** Peers here send frames of at most a few tens of kilobytes. */
const MAX_FRAME = 1024 * 1024;

export type Frame =
	| { readonly control: true; readonly type: number; readonly flags: number; readonly payload: Buffer }
	| { readonly control: false; readonly stream: number; readonly flags: number; readonly payload: Buffer };

/** Cuts a byte stream into frames. Throws on another version or a frame that is too large. */
export class FrameParser {
	#chunks: Buffer[] = [];
	#length = 0;

	push(chunk: Buffer): Frame[] {
		this.#chunks.push(chunk);
		this.#length += chunk.length;
		const frames: Frame[] = [];
		for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
		return frames;
	}

	#next(): Frame | undefined {
		if (this.#length < HEADER) return undefined;
		const buffer = this.#whole();
		const length = buffer.readUInt32BE(4) & 0xff_ffff;
		if (length > MAX_FRAME) throw new RangeError(`SPDY frame of ${length} bytes`);
		if (buffer.length < HEADER + length) return undefined;
		const payload = buffer.subarray(HEADER, HEADER + length);
		const rest = buffer.subarray(HEADER + length);
		this.#chunks = rest.length ? [rest] : [];
		this.#length = rest.length;
		const flags = buffer.readUInt8(4);
		const first = buffer.readUInt32BE(0);
		if (first >>> 31 === 0) return { control: false, stream: first, flags, payload };
		const version = (first >>> 16) & 0x7fff;
		if (version !== VERSION) throw new RangeError(`SPDY version ${version}`);
		return { control: true, type: first & 0xffff, flags, payload };
	}

	#whole(): Buffer {
		if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
		return this.#chunks[0] ?? Buffer.alloc(0);
	}
}

export function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
	const frame = Buffer.alloc(HEADER + payload.length);
	frame.writeUInt32BE((0x8000_0000 | (VERSION << 16) | type) >>> 0, 0);
	frame.writeUInt32BE(((flags << 24) | payload.length) >>> 0, 4);
	frame.set(payload, HEADER);
	return frame;
}

export function dataFrame(stream: number, flags: number, payload: Buffer): Buffer {
	const frame = Buffer.alloc(HEADER + payload.length);
	frame.writeUInt32BE(stream, 0);
	frame.writeUInt32BE(((flags << 24) | payload.length) >>> 0, 4);
	frame.set(payload, HEADER);
	return frame;
}

export function rstStream(stream: number, status: number): Buffer {
	const payload = Buffer.alloc(8);
	payload.writeUInt32BE(stream, 0);
	payload.writeUInt32BE(status, 4);
	return controlFrame(TYPE.rstStream, 0, payload);
}

export const streamIdOf = (payload: Buffer): number => payload.readUInt32BE(0) & 0x7fff_ffff;
