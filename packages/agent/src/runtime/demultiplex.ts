/** Docker's framing of two streams on one connection: one byte of stream, three of nothing, four of length, the data. */
import { type Readable, Writable } from "node:stream";

const HEADER = 8;
const STDERR = 2;

/**
 * Reads frames from `source` and writes their data; ends both outputs with the source. A slow output slows the source
 * down. Resolves when all has been handed on, rejects when the source breaks.
 */
export async function demultiplex(source: Readable, stdout: Writable, stderr: Writable): Promise<void> {
	let header = Buffer.alloc(0);
	let left = 0;
	let output = stdout;
	try {
		for await (const chunk of source as AsyncIterable<Buffer>) {
			let at = 0;
			while (at < chunk.length) {
				if (left === 0) {
					const taken = chunk.subarray(at, at + HEADER - header.length);
					header = Buffer.concat([header, taken]);
					at += taken.length;
					if (header.length < HEADER) break;
					output = header[0] === STDERR ? stderr : stdout;
					left = header.readUInt32BE(4);
					header = Buffer.alloc(0);
				} else {
					const data = chunk.subarray(at, at + left);
					at += data.length;
					left -= data.length;
					await write(output, data);
				}
			}
		}
	} finally {
		stdout.end();
		stderr.end();
	}
}

/** Resolves when the stream wants more, or is closed: what nobody reads is dropped. */
export async function write(stream: Writable, data: Uint8Array): Promise<void> {
	if (stream.destroyed || stream.writableEnded || stream.write(data)) return;
	await new Promise<void>((resolve) => {
		const done = () => {
			stream.off("drain", done);
			stream.off("close", done);
			resolve();
		};
		stream.on("drain", done);
		stream.on("close", done);
	});
}

/** For output that nobody asked for. */
export const discard = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
