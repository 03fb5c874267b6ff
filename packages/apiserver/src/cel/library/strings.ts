/** More of text: the strings extension. Positions count characters. */
import { type Declared, fn, method } from "../language/declarations.ts";
import { type CelType, INT, listOf, STRING } from "../language/types.ts";
import { CelError } from "../runtime/errors.ts";
import { type CelValue, ListValue } from "../runtime/values.ts";
import { int, list, string } from "./arguments.ts";
import { format } from "./string-format.ts";
import { characterAt, lengthOf, offsetOf, sliceOf } from "./text.ts";

const TEXTS = listOf(STRING);

export const strings: readonly Declared[] = [
	walking("charAt", [STRING, INT], STRING, ([text, index]) => {
		const at = position(string(text), int(index));
		return sliceOf(string(text), at, at + 1);
	}),
	...["indexOf", "lastIndexOf"].flatMap((name) => {
		const search = name === "indexOf" ? indexOf : lastIndexOf;
		return [
			walking(name, [STRING, STRING], INT, ([text, part]) => search(string(text), string(part))),
			walking(name, [STRING, STRING, INT], INT, ([text, part, from]) =>
				search(string(text), string(part), position(string(text), int(from))),
			),
		];
	}),
	walking("lowerAscii", [STRING], STRING, ([text]) =>
		string(text).replace(/[A-Z]+/g, (part) => part.toLowerCase()),
	),
	walking("upperAscii", [STRING], STRING, ([text]) =>
		string(text).replace(/[a-z]+/g, (part) => part.toUpperCase()),
	),
	walking("trim", [STRING], STRING, ([text]) => string(text).trim()),
	walking("substring", [STRING, INT], STRING, ([text, start]) =>
		sliceOf(string(text), position(string(text), int(start))),
	),
	walking("substring", [STRING, INT, INT], STRING, ([text, start, end]) => {
		const from = position(string(text), int(start));
		const to = position(string(text), int(end));
		if (from > to) throw new CelError(`invalid substring range. start: ${from}, end: ${to}`);
		return sliceOf(string(text), from, to);
	}),
	walking("replace", [STRING, STRING, STRING], STRING, ([text, from, to]) =>
		string(text).replaceAll(string(from), () => string(to)),
	),
	walking("replace", [STRING, STRING, STRING, INT], STRING, ([text, from, to, limit]) =>
		replaceSome(string(text), string(from), string(to), int(limit)),
	),
	walking("split", [STRING, STRING], TEXTS, ([text, separator]) =>
		split(string(text), string(separator), -1n),
	),
	walking("split", [STRING, STRING, INT], TEXTS, ([text, separator, limit]) =>
		split(string(text), string(separator), int(limit)),
	),
	method("join", [TEXTS], STRING, ([items], meter) => join(items, "", (units) => meter.spend(units))),
	method("join", [TEXTS, STRING], STRING, ([items, separator], meter) =>
		join(items, string(separator), (units) => meter.spend(units)),
	),
	fn("strings.quote", [STRING], STRING, ([text], meter) => {
		meter.spend(string(text).length * 0.1);
		return quote(string(text));
	}),
	method("format", [STRING, listOf({ kind: "dyn" })], STRING, ([text, args], meter) =>
		format(string(text), list(args), meter),
	),
];

/** A function that reads its texts through once or twice. */
function walking(
	name: string,
	params: readonly CelType[],
	result: CelType,
	call: (args: readonly CelValue[]) => CelValue,
): Declared {
	return method(name, params, result, (args, meter) => {
		let length = 0;
		for (const arg of args) if (typeof arg === "string") length += arg.length;
		meter.spend(length * 0.1);
		const made = call(args);
		// What is made may be larger than what it is made of.
		if (typeof made === "string" && made.length > length) meter.spend((made.length - length) * 0.1);
		return made;
	});
}

function position(text: string, index: bigint): number {
	if (index < 0n || index > BigInt(text.length) || index > BigInt(lengthOf(text))) {
		throw new CelError(`index out of range: ${index}`);
	}
	return Number(index);
}

function indexOf(text: string, part: string, from = 0): bigint {
	return BigInt(characterAt(text, text.indexOf(part, offsetOf(text, from))));
}

function lastIndexOf(text: string, part: string, from?: number): bigint {
	const offset = from === undefined ? undefined : offsetOf(text, from);
	return BigInt(characterAt(text, text.lastIndexOf(part, offset)));
}

function replaceSome(text: string, from: string, to: string, limit: bigint): string {
	if (limit < 0n) return text.replaceAll(from, () => to);
	let left = limit;
	return text.replaceAll(from, (found) => {
		left -= 1n;
		return left >= 0n ? to : found;
	});
}

/** The last of at most `limit` parts is the rest; negative: no limit. */
function split(text: string, separator: string, limit: bigint): CelValue {
	if (limit === 0n) return ListValue.of([]);
	const parts = separator === "" ? [...text] : text.split(separator);
	if (limit < 0n || BigInt(parts.length) <= limit) return ListValue.of(parts);
	const most = Number(limit);
	return ListValue.of([...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)]);
}

function join(items: CelValue | undefined, separator: string, spend: (units: number) => void): string {
	const parts: string[] = [];
	for (const item of list(items)) {
		const part = string(item);
		spend((part.length + separator.length) * 0.1);
		parts.push(part);
	}
	return parts.join(separator);
}

const ESCAPES: Readonly<Record<string, string>> = {
	"\x07": "\\a",
	"\b": "\\b",
	"\f": "\\f",
	"\n": "\\n",
	"\r": "\\r",
	"\t": "\\t",
	"\v": "\\v",
	"\\": "\\\\",
	'"': '\\"',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to escape
const quote = (text: string): string => `"${text.replace(/[\x07-\r\\"]/g, (char) => ESCAPES[char] ?? char)}"`;
