/** Text to tokens. Grammar: the lexis of the Common Expression Language definition (cel-spec, langdef.md). */
import { SyntaxIssue } from "./issues.ts";
import { unescapeBytes, unescapeString } from "./unescape.ts";

export type Token =
	| { readonly kind: "name" | "quotedName" | "symbol"; readonly at: number; readonly text: string }
	| { readonly kind: "int" | "uint"; readonly at: number; readonly text: string; readonly value: bigint }
	| { readonly kind: "double"; readonly at: number; readonly text: string; readonly value: number }
	| { readonly kind: "string"; readonly at: number; readonly text: string; readonly value: string }
	| { readonly kind: "bytes"; readonly at: number; readonly text: string; readonly value: Uint8Array }
	| { readonly kind: "end"; readonly at: number; readonly text: string };

const SPACE = /(?:[ \t\r\n\f]+|\/\/[^\n]*)*/y;
const NUMBER =
	/0x([0-9a-fA-F]+)([uU]?)|(\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)|(\d+)([uU]?)/y;
const NAME = /[A-Za-z_]\w*/y;
const QUOTED_NAME = /`([\w./ -]+)`/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,()[\]{}=]/y;
/** The prefix and the opening quote of a string; the end is looked for by hand, so that no text costs more than its length. */
const QUOTE = /([rR]?[bB]?|[bB]?[rR]?)("""|'''|"|')/y;

export function tokenize(text: string): readonly Token[] {
	const tokens: Token[] = [];
	let at = 0;
	for (;;) {
		at += match(SPACE, text, at)?.[0].length ?? 0;
		if (at >= text.length) break;
		const token = readToken(text, at);
		tokens.push(token);
		at += token.text.length;
	}
	tokens.push({ kind: "end", at, text: "<EOF>" });
	return tokens;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
	pattern.lastIndex = at;
	return pattern.exec(text);
}

function readToken(text: string, at: number): Token {
	const quote = match(QUOTE, text, at);
	if (quote) return readText(text, at, quote[1] ?? "", quote[2] ?? "");
	const number = match(NUMBER, text, at);
	if (number) return readNumber(at, number);
	const quoted = match(QUOTED_NAME, text, at);
	if (quoted) return { kind: "quotedName", at, text: quoted[0] };
	const name = match(NAME, text, at);
	if (name) return { kind: "name", at, text: name[0] };
	const symbol = match(SYMBOL, text, at);
	if (symbol) return { kind: "symbol", at, text: symbol[0] };
	throw new SyntaxIssue(
		at,
		`Syntax error: token recognition error at: '${String.fromCodePoint(text.codePointAt(at) ?? 0)}'`,
	);
}

function readNumber(at: number, found: RegExpExecArray): Token {
	const [text, hex, hexUnsigned, double, digits = "", unsigned] = found;
	if (double !== undefined) return { kind: "double", at, text, value: Number(double) };
	const value = BigInt(hex === undefined ? digits : `0x${hex}`);
	return { kind: hexUnsigned || unsigned ? "uint" : "int", at, text, value };
}

function readText(text: string, at: number, prefix: string, quote: string): Token {
	const raw = /r/i.test(prefix);
	const start = at + prefix.length + quote.length;
	const end = findEnd(text, start, quote, raw);
	if (end < 0) {
		throw new SyntaxIssue(at, `Syntax error: token recognition error at: '${text.slice(at, at + 80)}'`);
	}
	const body = text.slice(start, end);
	const whole = text.slice(at, end + quote.length);
	try {
		if (/b/i.test(prefix)) return { kind: "bytes", at, text: whole, value: unescapeBytes(body, raw) };
		return { kind: "string", at, text: whole, value: unescapeString(body, raw) };
	} catch (error) {
		throw new SyntaxIssue(at, `Syntax error: ${error instanceof Error ? error.message : String(error)}`);
	}
}

/** Offset of the closing quote, or -1. Strings with one quote end with their line. */
function findEnd(text: string, start: number, quote: string, raw: boolean): number {
	for (let i = start; i < text.length; i += 1) {
		const char = text[i];
		if (char === "\\" && !raw) i += 1;
		else if (quote.length === 1 && (char === "\n" || char === "\r")) return -1;
		else if (text.startsWith(quote, i)) return i;
	}
	return -1;
}
