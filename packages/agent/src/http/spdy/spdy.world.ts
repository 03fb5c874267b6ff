/** The client's side of SPDY, for tests. */
import { Duplex } from "node:stream";
import { controlFrame, TYPE } from "./frames.ts";
import type { HeaderCodec } from "./header-codec.ts";

/** Two ends of one connection. */
export function pipe(): [Duplex, Duplex] {
	const make = (other: () => Duplex): Duplex =>
		new Duplex({
			read: () => {},
			write: (chunk, _encoding, done) => {
				other().push(chunk);
				done();
			},
			final: (done) => {
				other().push(null);
				done();
			},
		});
	const a: Duplex = make(() => b);
	const b: Duplex = make(() => a);
	return [a, b];
}

const uint32 = (value: number) => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
};

/** The frame that opens a stream. */
export async function open(
	codec: HeaderCodec,
	id: number,
	headers: Record<string, string>,
	flags = 0,
): Promise<Buffer> {
	const block = await codec.encode(Object.entries(headers));
	return controlFrame(TYPE.synStream, flags, Buffer.concat([uint32(id), uint32(0), Buffer.alloc(2), block]));
}
