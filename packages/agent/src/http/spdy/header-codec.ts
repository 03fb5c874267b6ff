/** Header blocks of SPDY/3: name-value pairs in one zlib stream for each direction of the connection. */
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from "node:zlib";
import { DICTIONARY } from "./dictionary.ts";

/** A block larger than this (unpacked) is an attack, not a request for a stream. */
const MAX_BLOCK = 64 * 1024;
const MAX_PAIRS = 100;

export type Headers = ReadonlyMap<string, string>;

export class HeaderCodec {
	readonly #inflate = createInflate({ dictionary: DICTIONARY });
	readonly #deflate = createDeflate({ dictionary: DICTIONARY, flush: constants.Z_SYNC_FLUSH });

	/** Blocks must be decoded in the order they arrived, one at a time: the zlib state runs through all of them. */
	async decode(block: Buffer): Promise<Headers> {
		return parsePairs(await pass(this.#inflate, block));
	}

	async encode(headers: Iterable<readonly [string, string]>): Promise<Buffer> {
		return pass(this.#deflate, formatPairs([...headers]));
	}

	close(): void {
		this.#inflate.destroy();
		this.#deflate.destroy();
	}
}

function pass(stream: Inflate | Deflate, block: Buffer): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const collect = () => {
			for (let chunk: Buffer | null = stream.read(); chunk; chunk = stream.read()) {
				size += chunk.length;
				if (size > MAX_BLOCK) return finish(new Error("header block is too large"));
				chunks.push(chunk);
			}
		};
		const finish = (error?: Error | null) => {
			stream.off("readable", collect);
			stream.off("error", finish);
			if (error) reject(error);
			else resolve(Buffer.concat(chunks));
		};
		stream.on("readable", collect);
		stream.on("error", finish);
		stream.write(block, () => {
			collect();
			finish();
		});
	});
}

function parsePairs(block: Buffer): Headers {
	let at = 0;
	const number = () => {
		at += 4;
		return block.readUInt32BE(at - 4);
	};
	const text = () => {
		const length = number();
		if (length > block.length - at) throw new RangeError("header block is cut short");
		at += length;
		return block.toString("utf8", at - length, at);
	};
	const count = number();
	if (count > MAX_PAIRS) throw new RangeError("too many headers");
	const headers = new Map<string, string>();
	for (let i = 0; i < count; i += 1) {
		const name = text().toLowerCase();
		headers.set(name, text());
	}
	return headers;
}

function formatPairs(pairs: readonly (readonly [string, string])[]): Buffer {
	const parts: Buffer[] = [uint32(pairs.length)];
	for (const pair of pairs) {
		for (const text of pair) {
			const bytes = Buffer.from(text);
			parts.push(uint32(bytes.length), bytes);
		}
	}
	return Buffer.concat(parts);
}

function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}
