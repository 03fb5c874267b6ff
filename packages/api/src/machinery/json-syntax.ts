/** Says where JSON goes wrong, in the words of Go's decoder, which clients and their users know. */

/** `invalid character 'x' after object key`, or `unexpected end of JSON input`. For text that does not parse. */
export function explainJson(text: string): string {
	const problem = firstProblem(text);
	if (problem.at >= text.length) return "unexpected end of JSON input";
	return `invalid character ${quoteChar(charAt(text, problem.at))} ${problem.where}`;
}

/** A character as Go quotes it. */
export function quoteChar(char: string): string {
	if (char === "'") return "'\\''";
	if (char === '"') return "'\"'";
	const quoted = JSON.stringify(char).slice(1, -1);
	return `'${quoted.replace(/^\\u00/, "\\x")}'`;
}

interface Problem {
	readonly at: number;
	readonly where: string;
}

/** What may come next. */
type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end";

function firstProblem(text: string): Problem {
	const open: ("{" | "[")[] = [];
	let expected: Expected = "value";
	let at = skipSpace(text, 0);
	for (; at < text.length; at = skipSpace(text, at)) {
		const char = text.charAt(at);
		if (expected === "comma or end") {
			const next = afterValue(char, open);
			if (typeof next === "string") return { at, where: next };
			expected = next.expected;
			at++;
		} else if (expected === "colon") {
			if (char !== ":") return { at, where: "after object key" };
			expected = "value";
			at++;
		} else if (expected === "key" || expected === "key or }") {
			if (char === "}" && expected === "key or }") {
				open.pop();
				expected = "comma or end";
				at++;
				continue;
			}
			if (char !== '"') return { at, where: "looking for beginning of object key string" };
			const end = scanString(text, at);
			if (typeof end !== "number") return end;
			expected = "colon";
			at = end;
		} else if (char === "{" || char === "[") {
			open.push(char);
			expected = char === "{" ? "key or }" : "value or ]";
			at++;
		} else if (char === "]" && expected === "value or ]") {
			open.pop();
			expected = "comma or end";
			at++;
		} else {
			const end = scanScalar(text, at);
			if (typeof end !== "number") return end;
			expected = "comma or end";
			at = end;
		}
	}
	return { at, where: "" };
}

function afterValue(char: string, open: ("{" | "[")[]): string | { expected: Expected } {
	const inside = open.at(-1);
	if (!inside) return "after top-level value";
	if (char === ",") return { expected: inside === "{" ? "key" : "value" };
	if (char !== (inside === "{" ? "}" : "]")) {
		return inside === "{" ? "after object key:value pair" : "after array element";
	}
	open.pop();
	return { expected: "comma or end" };
}

/** The index behind the scalar, or what is wrong with it. */
function scanScalar(text: string, at: number): number | Problem {
	const char = text.charAt(at);
	if (char === '"') return scanString(text, at);
	if (char === "-" || (char >= "0" && char <= "9")) return scanNumber(text, at);
	for (const word of ["true", "false", "null"]) {
		if (char === word.charAt(0)) return scanWord(text, at, word);
	}
	return { at, where: "looking for beginning of value" };
}

function scanWord(text: string, start: number, word: string): number | Problem {
	for (let i = 1; i < word.length; i++) {
		if (text.charAt(start + i) !== word.charAt(i)) {
			return { at: start + i, where: `in literal ${word} (expecting '${word.charAt(i)}')` };
		}
	}
	return start + word.length;
}

const BARE_ESCAPES = 'bfnrt\\/"';

function scanString(text: string, start: number): number | Problem {
	for (let at = start + 1; at < text.length; at++) {
		const char = text.charAt(at);
		if (char === '"') return at + 1;
		if (char < " ") return { at, where: "in string literal" };
		if (char !== "\\") continue;
		at++;
		const kind = text.charAt(at);
		if (kind === "u") {
			for (let i = 1; i <= 4; i++) {
				if (!/[0-9a-fA-F]/.test(text.charAt(at + i))) {
					return { at: at + i, where: "in \\u hexadecimal character escape" };
				}
			}
			at += 4;
		} else if (kind === "" || !BARE_ESCAPES.includes(kind)) {
			return { at, where: "in string escape code" };
		}
	}
	return { at: text.length, where: "" };
}

function scanNumber(text: string, start: number): number | Problem {
	let at = text.charAt(start) === "-" ? start + 1 : start;
	if (!isDigit(text, at)) return { at, where: "in numeric literal" };
	at = text.charAt(at) === "0" ? at + 1 : skipDigits(text, at);
	if (text.charAt(at) === ".") {
		at++;
		if (!isDigit(text, at)) return { at, where: "after decimal point in numeric literal" };
		at = skipDigits(text, at);
	}
	if (text.charAt(at) === "e" || text.charAt(at) === "E") {
		at++;
		if (text.charAt(at) === "+" || text.charAt(at) === "-") at++;
		if (!isDigit(text, at)) return { at, where: "in exponent of numeric literal" };
		at = skipDigits(text, at);
	}
	return at;
}

const isDigit = (text: string, at: number) => text.charAt(at) >= "0" && text.charAt(at) <= "9";

function skipDigits(text: string, from: number): number {
	let at = from;
	while (isDigit(text, at)) at++;
	return at;
}

function skipSpace(text: string, from: number): number {
	let at = from;
	while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
	return at;
}

const charAt = (text: string, at: number) => String.fromCodePoint(text.codePointAt(at) ?? 0);
