/** YAML in and out. Bodies come from anyone: size, depth and what aliases may unfold to are bounded. */
import { badRequest, StatusError, tooLarge } from "@berth/api";
import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, stringify } from "yaml";

/** YAML costs far more time a byte than JSON. */
const MAX_BYTES = 512 * 1024;
const MAX_DEPTH = 100;
/** Values after aliases are unfolded. */
const MAX_VALUES = 100_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

export interface ParsedYaml {
	readonly value: unknown;
	/** Keys given twice, the last of which counts: `line 2: key "a" already set in map`. */
	readonly duplicates: readonly string[];
}

/** The one document in `bytes`, as JSON values. Throws BadRequest for anything else, RequestEntityTooLarge over half a mebibyte. */
export function parseYaml(bytes: Uint8Array): ParsedYaml {
	if (bytes.length > MAX_BYTES) throw tooLarge(`YAML bodies may hold ${MAX_BYTES} bytes at most; send JSON`);
	const text = decodeUtf8(bytes);
	if (CONTROL.test(text)) throw malformed("control characters are not allowed");
	if (bracketDepth(text) > MAX_DEPTH) throw malformed(`nested deeper than ${MAX_DEPTH} levels`);
	try {
		// Unique keys are checked below: the library's own check takes quadratic time.
		const documents = parseAllDocuments(text, { version: "1.2", uniqueKeys: false, logLevel: "silent" });
		const [document, another] = Array.isArray(documents) ? documents : [];
		if (!document) return { value: null, duplicates: [] };
		if (another) throw malformed("expected one document");
		const [problem] = document.errors;
		if (problem) throw malformed(problem.message.split("\n")[0] ?? "");
		const state: Unfolding = { text, anchors: new Map(), values: 0, duplicates: new Set() };
		return { value: plainValue(document.contents, state, 0), duplicates: [...state.duplicates] };
	} catch (error) {
		if (error instanceof StatusError) throw error;
		// The parser recurses: what is too deep for it ends as a RangeError.
		throw malformed(error instanceof Error ? error.message : "unreadable");
	}
}

export const renderYaml = (value: unknown): string =>
	stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

interface Unfolding {
	readonly text: string;
	/** Filled in document order: an alias means the anchor of its name that came last. */
	readonly anchors: Map<string, Node>;
	values: number;
	readonly duplicates: Set<string>;
}

/** As many as are worth telling. */
const MAX_DUPLICATES = 100;

function plainValue(node: Node | null | undefined, state: Unfolding, depth: number): unknown {
	if (depth > MAX_DEPTH) throw malformed(`nested deeper than ${MAX_DEPTH} levels`);
	state.values += 1;
	if (state.values > MAX_VALUES) throw malformed("document contains excessive aliasing or too many values");
	if (!node) return null;
	if (isAlias(node)) {
		const target = state.anchors.get(node.source);
		if (!target) throw malformed(`unknown anchor ${JSON.stringify(node.source)}`);
		return plainValue(target, state, depth + 1);
	}
	if ("anchor" in node && node.anchor) state.anchors.set(node.anchor, node);
	if (isSeq<Node>(node)) return node.items.map((item) => plainValue(item, state, depth + 1));
	if (isMap<Node, Node>(node)) {
		const entries = node.items.map(({ key, value }) => [
			keyText(key, state, depth),
			plainValue(value, state, depth + 1),
		]);
		const seen = new Set<unknown>();
		for (const [index, [key]] of entries.entries()) {
			if (seen.has(key)) noteDuplicate(state, node.items[index]?.key, key);
			seen.add(key);
		}
		return Object.fromEntries(entries);
	}
	return isScalar(node) ? plainScalar(node.value) : null;
}

function noteDuplicate({ text, duplicates }: Unfolding, at: Node | undefined, key: unknown): void {
	if (duplicates.size >= MAX_DUPLICATES) return;
	const line = text.slice(0, at?.range?.[0] ?? 0).split("\n").length;
	duplicates.add(`line ${line}: key ${JSON.stringify(key)} already set in map`);
}

function plainScalar(value: unknown): unknown {
	if (value === null || typeof value === "string" || typeof value === "boolean") return value;
	if (typeof value === "number" && Number.isFinite(value)) return value;
	throw malformed("a value that JSON does not have");
}

function keyText(key: Node, state: Unfolding, depth: number): string {
	const value = plainValue(key, state, depth + 1);
	if (typeof value === "object" && value !== null) throw malformed("a mapping's key is not a scalar");
	return String(value);
}

const malformed = (detail: string): StatusError =>
	badRequest(`error converting YAML to JSON: yaml: ${detail}`);

function decodeUtf8(bytes: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		throw malformed("invalid UTF-8");
	}
}

/** An upper bound for what makes the parser recurse on one line: brackets, and dashes that open lists in lists. */
function bracketDepth(text: string): number {
	let deepest = 0;
	let depth = 0;
	let dashes = 0;
	for (const character of text) {
		if (character === "[" || character === "{") deepest = Math.max(deepest, ++depth);
		else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
		if (character === "-" || character === "?") deepest = Math.max(deepest, ++dashes);
		else if (character !== " ") dashes = 0;
	}
	return deepest;
}
