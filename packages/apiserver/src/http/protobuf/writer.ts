/** Messages on their way out: fields appended one by one, empty ones left out as proto3 does. */

/** Grows as fields are added; a finished message becomes a field of the next. */
export class MessageWriter {
	readonly #parts: Uint8Array[] = [];
	#length = 0;

	text(number: number, value: unknown): this {
		return typeof value === "string" && value ? this.#bytes(number, Buffer.from(value)) : this;
	}

	texts(number: number, values: unknown): this {
		for (const value of Array.isArray(values) ? values : []) this.text(number, value);
		return this;
	}

	flag(number: number, value: unknown): this {
		return value === true ? this.#push(varint(number << 3), varint(1)) : this;
	}

	/** Written even when it is empty: that it is there says something. */
	message(number: number, message: MessageWriter): this {
		return this.#bytes(number, message.finish());
	}

	finish(): Buffer {
		return Buffer.concat(this.#parts, this.#length);
	}

	#bytes(number: number, bytes: Uint8Array): this {
		return this.#push(varint((number << 3) | 2), varint(bytes.length), bytes);
	}

	#push(...parts: readonly Uint8Array[]): this {
		for (const part of parts) {
			this.#parts.push(part);
			this.#length += part.length;
		}
		return this;
	}
}

/** `value` is not negative. */
export function varint(value: number): Uint8Array {
	const bytes: number[] = [];
	let rest = value;
	while (rest > 127) {
		bytes.push((rest & 127) | 128);
		rest = Math.floor(rest / 128);
	}
	bytes.push(rest);
	return Uint8Array.from(bytes);
}
