/**
 * Protocol buffers written from the end to the start: when the length of a message is due, its content is already there,
 * so nothing is measured or copied first. Fields therefore go in by descending number.
 */

const INITIAL = 16 * 1024;

export class ReverseWriter {
	#buffer = Buffer.allocUnsafeSlow(INITIAL);
	#start = INITIAL;

	/** Bytes written so far. */
	get length(): number {
		return this.#buffer.length - this.#start;
	}

	/** A copy of what was written; the writer is empty after it. */
	take(): Buffer {
		const bytes = Buffer.allocUnsafeSlow(this.length);
		this.#buffer.copy(bytes, 0, this.#start);
		this.#start = this.#buffer.length;
		return bytes;
	}

	tag(number: number, wireType: number): void {
		this.varint(number * 8 + wireType);
	}

	/** A whole number; negative ones take ten bytes, as int32 and int64 do. */
	varint(value: number): void {
		if (value >= 0 && value < 128) {
			this.#room(1);
			this.#buffer[--this.#start] = value;
		} else if (value < 0 || value > Number.MAX_SAFE_INTEGER) this.#big(BigInt.asUintN(64, BigInt(value)));
		else {
			let size = 1;
			for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size += 1;
			this.#room(size);
			this.#start -= size;
			let at = this.#start;
			let rest = value;
			for (; rest > 127; rest = Math.floor(rest / 128)) this.#buffer[at++] = (rest % 128) | 128;
			this.#buffer[at] = rest;
		}
	}

	double(value: number): void {
		this.#room(8);
		this.#start -= 8;
		this.#buffer.writeDoubleLE(value, this.#start);
	}

	/** The bytes of a text, without their length. */
	text(value: string): void {
		const { length } = value;
		// Most texts of the API are short and plain, and a call into the engine costs more than they do.
		if (length <= 32) {
			this.#room(length);
			let at = this.#start - length;
			for (let i = 0; i < length; i += 1) {
				const code = value.charCodeAt(i);
				if (code > 127) {
					at = -1;
					break;
				}
				this.#buffer[at++] = code;
			}
			if (at >= 0) {
				this.#start -= length;
				return;
			}
		}
		const size = Buffer.byteLength(value);
		this.#room(size);
		this.#start -= size;
		this.#buffer.write(value, this.#start, "utf8");
	}

	base64(value: string): void {
		this.bytes(Buffer.from(value, "base64"));
	}

	bytes(value: Uint8Array): void {
		this.#room(value.length);
		this.#start -= value.length;
		this.#buffer.set(value, this.#start);
	}

	/** Closes the field whose bytes are those written since `before`, a former `length`. */
	closeField(number: number, before: number): void {
		this.varint(this.length - before);
		this.tag(number, 2);
	}

	#big(value: bigint): void {
		const bytes: number[] = [];
		let rest = value;
		while (rest > 127n) {
			bytes.push(Number(rest & 127n) | 128);
			rest >>= 7n;
		}
		this.bytes(Uint8Array.from([...bytes, Number(rest)]));
	}

	#room(size: number): void {
		if (this.#start >= size) return;
		const { length } = this;
		const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, 2 * (length + size)));
		this.#buffer.copy(larger, larger.length - length, this.#start);
		this.#start = larger.length - length;
		this.#buffer = larger;
	}
}
