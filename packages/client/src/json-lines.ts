/**
 * The values of a stream of JSON texts, one a line. Throws RangeError when a line is longer than `limit` bytes: a peer
 * that never ends a line must not fill the memory. Text after the last line break is a line that was cut off: it is
 * dropped, for the stream broke in the middle of it.
 */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<unknown> {
	let pieces: Uint8Array[] = [];
	let held = 0;
	for await (const chunk of chunks) {
		let start = 0;
		for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
			pieces.push(chunk.subarray(start, end));
			const line = Buffer.concat(pieces).toString("utf8");
			pieces = [];
			held = 0;
			start = end + 1;
			if (line) yield JSON.parse(line);
		}
		const rest = chunk.subarray(start);
		held += rest.length;
		if (held > limit) throw new RangeError(`a line is longer than ${limit} bytes`);
		if (rest.length > 0) pieces.push(rest);
	}
}

const NEWLINE = 0x0a;
