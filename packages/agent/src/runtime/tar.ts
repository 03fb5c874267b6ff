/** The smallest tar archive: one file. Format: POSIX ustar. */
const BLOCK = 512;

/** `path` up to 100 characters; owned by root, dated 1970 so that the same file gives the same bytes. */
export function tarOfFile(path: string, mode: number, data: Uint8Array): Uint8Array {
	const header = Buffer.alloc(BLOCK);
	const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
	header.write(path, 0);
	header.write(octal(mode, 8), 100);
	header.write(octal(0, 8), 108);
	header.write(octal(0, 8), 116);
	header.write(octal(data.length, 12), 124);
	header.write(octal(0, 12), 136);
	// The checksum is taken with blanks in its own place.
	header.write(" ".repeat(8), 148);
	header.write("0", 156);
	header.write("ustar\x0000", 257);
	header.write(
		octal(
			header.reduce((sum, byte) => sum + byte, 0),
			7,
		),
		148,
	);
	const padding = Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
	return Buffer.concat([header, data, padding, Buffer.alloc(2 * BLOCK)]);
}
