/** Escape sequences of string and bytes literals. */

const SIMPLE: Readonly<Record<string, string>> = {
	a: "\x07",
	b: "\b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
	"\\": "\\",
	"'": "'",
	'"': '"',
	"`": "`",
	"?": "?",
};

/** Digits behind each numeric escape, and their base. */
const NUMERIC: Readonly<Record<string, readonly [digits: number, base: number]>> = {
	x: [2, 16],
	X: [2, 16],
	u: [4, 16],
	U: [8, 16],
};

/** Throws Error for an escape that does not exist. */
export function unescapeString(body: string, raw: boolean): string {
	if (raw || !body.includes("\\")) return body;
	let result = "";
	for (const part of parts(body)) result += typeof part === "string" ? part : String.fromCodePoint(part.code);
	return result;
}

/** Numbers are bytes here, text is UTF-8. */
export function unescapeBytes(body: string, raw: boolean): Uint8Array {
	if (raw || !body.includes("\\")) return new TextEncoder().encode(body);
	const chunks: Uint8Array[] = [];
	for (const part of parts(body)) {
		if (typeof part === "string") chunks.push(new TextEncoder().encode(part));
		else if (part.code > 255 || part.wide) throw new Error("unable to unescape bytes: not a byte");
		else chunks.push(Uint8Array.of(part.code));
	}
	return new Uint8Array(Buffer.concat(chunks));
}

function* parts(body: string): Iterable<string | { readonly code: number; readonly wide: boolean }> {
	let plain = 0;
	for (let i = body.indexOf("\\"); i >= 0; i = body.indexOf("\\", plain)) {
		if (i > plain) yield body.slice(plain, i);
		const letter = body[i + 1] ?? "";
		const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter] : undefined;
		if (simple !== undefined) {
			yield simple;
			plain = i + 2;
			continue;
		}
		const octal = letter >= "0" && letter <= "3";
		const [digits, base] = (Object.hasOwn(NUMERIC, letter) ? NUMERIC[letter] : undefined) ?? [3, 8];
		if (base === 8 && !octal) throw new Error(`unable to unescape string: \\${letter}`);
		const start = octal ? i + 1 : i + 2;
		const text = body.slice(start, start + digits);
		const code = Number.parseInt(text, base);
		const valid = base === 8 ? /^[0-7]{3}$/ : /^[0-9a-fA-F]+$/;
		const surrogate = code >= 0xd800 && code <= 0xdfff;
		if (text.length !== digits || !valid.test(text) || code > 0x10ffff || surrogate) {
			throw new Error(`unable to unescape string: \\${letter}${text}`);
		}
		yield { code, wide: letter === "u" || letter === "U" };
		plain = start + digits;
	}
	if (plain < body.length) yield body.slice(plain);
}
