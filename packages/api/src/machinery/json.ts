/**
 * JSON from anyone. The engine's own parser does the work; around it come what it lacks: a bound on nesting, fields given
 * twice, and errors in the words that clients of Kubernetes know. Every pass is linear and none recurses.
 */
import { badRequest } from "./errors.ts";
import { explainJson, quoteChar } from "./json-syntax.ts";

export interface ParsedJson {
	readonly value: unknown;
	/** Paths of fields given more than once, each once, in document order: `spec.containers[0].name`. */
	readonly duplicates: readonly string[];
}

export interface JsonLimits {
	/** How deep objects and lists may nest; deeper is refused. */
	readonly maxDepth: number;
}

/** Throws BadRequest with the parser's words only: `invalid character 'x' looking for beginning of value`. */
export function parseJson(input: Uint8Array | string, { maxDepth }: JsonLimits): ParsedJson {
	const text =
		typeof input === "string" ? input : new TextDecoder("utf-8", { ignoreBOM: true }).decode(input);
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw badRequest(explainJson(text));
	}
	return { value, duplicates: findDuplicates(text, maxDepth) };
}

/** More than these are not worth telling. */
const MAX_DUPLICATES = 100;

/** An object or list around the place the scan is at. */
interface Frame {
	/** Keys met so far; undefined for a list. */
	readonly keys: Set<string> | undefined;
	/** Keys told as duplicates: once is enough. */
	readonly told: Set<string>;
	key: string;
	index: number;
}

/** Walks valid JSON once. A string right after `{` or `,` in an object is a key. */
function findDuplicates(text: string, maxDepth: number): readonly string[] {
	const found = new Set<string>();
	const frames: Frame[] = [];
	let expectKey = false;
	for (let at = 0; at < text.length; at++) {
		switch (text.charCodeAt(at)) {
			case OPEN_OBJECT:
			case OPEN_LIST: {
				if (frames.length >= maxDepth) {
					throw badRequest(`invalid character ${quoteChar(text.charAt(at))} exceeded max depth`);
				}
				expectKey = text.charCodeAt(at) === OPEN_OBJECT;
				frames.push({ keys: expectKey ? new Set() : undefined, told: new Set(), key: "", index: 0 });
				break;
			}
			case CLOSE_OBJECT:
			case CLOSE_LIST:
				frames.pop();
				expectKey = false;
				break;
			case COMMA: {
				const frame = frames.at(-1);
				expectKey = frame?.keys !== undefined;
				if (frame) frame.index++;
				break;
			}
			case QUOTE: {
				const end = closingQuote(text, at);
				if (expectKey) noteKey(frames, keyText(text, at, end), found);
				expectKey = false;
				at = end;
			}
		}
	}
	return [...found];
}

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function closingQuote(text: string, open: number): number {
	let at = open + 1;
	while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
	return at;
}

function keyText(text: string, open: number, close: number): string {
	const raw = text.slice(open + 1, close);
	return raw.includes("\\") ? (JSON.parse(text.slice(open, close + 1)) as string) : raw;
}

function noteKey(frames: readonly Frame[], key: string, found: Set<string>): void {
	const frame = frames.at(-1);
	if (!frame?.keys) return;
	frame.key = key;
	if (!frame.keys.has(key)) frame.keys.add(key);
	else if (!frame.told.has(key) && found.size < MAX_DUPLICATES) {
		frame.told.add(key);
		found.add(pathOf(frames));
	}
}

function pathOf(frames: readonly Frame[]): string {
	const parts = frames.map(({ keys, key, index }) => (keys ? `.${key}` : `[${index}]`));
	return parts.join("").replace(/^\./, "");
}
