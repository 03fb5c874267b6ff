/** Protocol buffers on the wire: numbers, lengths and fields. Everything is bounds-checked; bodies come from anyone. */

export type WireValue =
	| { readonly type: "number"; readonly value: bigint }
	| { readonly type: "double"; readonly value: number }
	| { readonly type: "bytes"; readonly value: Uint8Array };

export interface WireField {
	readonly number: number;
	readonly value: WireValue;
}

/** Thrown for bytes that are no message. */
export class Malformed extends Error {
	override readonly name = "Malformed";
}

/** The fields of one message in their order, repeated ones as often as they are there. */
export function* readFields(bytes: Uint8Array): Iterable<WireField> {
	let offset = 0;
	const varint = (): bigint => {
		let value = 0n;
		for (let shift = 0n; shift < 70n; shift += 7n) {
			const byte = bytes[offset];
			if (byte === undefined) throw new Malformed("unexpected end");
			offset += 1;
			value |= BigInt(byte & 0x7f) << shift;
			if (byte < 0x80) return BigInt.asIntN(64, value);
		}
		throw new Malformed("a number is too long");
	};
	const take = (length: number): Uint8Array => {
		if (length < 0 || offset + length > bytes.length) throw new Malformed("unexpected end");
		const piece = bytes.subarray(offset, offset + length);
		offset += length;
		return piece;
	};
	while (offset < bytes.length) {
		const tag = varint();
		const number = Number(tag >> 3n);
		if (number <= 0) throw new Malformed("a field without a number");
		yield { number, value: wireValue(Number(tag & 7n), varint, take) };
	}
}

function wireValue(type: number, varint: () => bigint, take: (length: number) => Uint8Array): WireValue {
	switch (type) {
		case 0:
			return { type: "number", value: varint() };
		case 1: {
			const eight = take(8);
			return { type: "double", value: new DataView(eight.buffer, eight.byteOffset, 8).getFloat64(0, true) };
		}
		case 2:
			return { type: "bytes", value: take(Number(varint())) };
		case 5: {
			const four = take(4);
			return { type: "double", value: new DataView(four.buffer, four.byteOffset, 4).getFloat32(0, true) };
		}
		default:
			throw new Malformed(`unknown wire type ${type}`);
	}
}
