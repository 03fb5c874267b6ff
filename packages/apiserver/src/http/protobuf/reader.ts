/** Protocol buffers on the wire: numbers, lengths and fields. Everything is bounds-checked; bodies come from anyone. */

export type WireValue =
	| { readonly type: "number"; readonly value: number }
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
	const varint = (): number => {
		let value = 0;
		// Seven bytes fit a JavaScript number; what is longer is large or negative.
		for (let i = 0, unit = 1; i < 7; i += 1, unit *= 128) {
			const byte = bytes[offset];
			if (byte === undefined) throw new Malformed("unexpected end");
			offset += 1;
			value += (byte & 0x7f) * unit;
			if (byte < 0x80) return value;
		}
		let rest = BigInt(value);
		for (let shift = 49n; shift < 70n; shift += 7n) {
			const byte = bytes[offset];
			if (byte === undefined) throw new Malformed("unexpected end");
			offset += 1;
			rest |= BigInt(byte & 0x7f) << shift;
			if (byte < 0x80) return Number(BigInt.asIntN(64, rest));
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
		const number = Math.floor(tag / 8);
		if (number <= 0) throw new Malformed("a field without a number");
		yield { number, value: wireValue(tag % 8, varint, take) };
	}
}

function wireValue(type: number, varint: () => number, take: (length: number) => Uint8Array): WireValue {
	switch (type) {
		case 0:
			return { type: "number", value: varint() };
		case 1: {
			const eight = take(8);
			return { type: "double", value: new DataView(eight.buffer, eight.byteOffset, 8).getFloat64(0, true) };
		}
		case 2:
			return { type: "bytes", value: take(varint()) };
		case 5: {
			const four = take(4);
			return { type: "double", value: new DataView(four.buffer, four.byteOffset, 4).getFloat32(0, true) };
		}
		default:
			throw new Malformed(`unknown wire type ${type}`);
	}
}
