/**
 * Regular expressions that no text and no pattern can make slow: all ways through the pattern are walked side by side,
 * so a match takes time proportional to text times pattern (Thompson's construction, as in RE2). For patterns that
 * users write: in CEL, and in the schemas of custom resources.
 */
import { instructionsOf, type Program } from "./program.ts";
import { type Assertion, parseRegex } from "./syntax.ts";

export { RegexError } from "./syntax.ts";

export interface Regex {
	/** Whether the pattern is anywhere in the text. */
	test(text: string): boolean;
	/** The leftmost match at or after `from`, as offsets into the text. */
	find(text: string, from?: number): { readonly start: number; readonly end: number } | undefined;
}

/** Throws RegexError, whose message is Go's. */
export function compileRegex(pattern: string): Regex {
	const program = instructionsOf(parseRegex(pattern), pattern);
	return {
		test: (text) => search(program, text, 0, true) !== undefined,
		find: (text, from = 0) => search(program, text, from, false),
	};
}

/** Places in the program, each with where its match began; in order of preference. */
class Threads {
	readonly places: Int32Array;
	readonly starts: Int32Array;
	count = 0;
	/** The generation in which a place was last added. */
	readonly #seen: Int32Array;
	#generation = 0;

	constructor(size: number) {
		this.places = new Int32Array(size);
		this.starts = new Int32Array(size);
		this.#seen = new Int32Array(size);
	}

	clear(): void {
		this.count = 0;
		this.#generation += 1;
	}

	/** False when the place is there already. */
	mark(place: number): boolean {
		if (this.#seen[place] === this.#generation) return false;
		this.#seen[place] = this.#generation;
		return true;
	}

	push(place: number, start: number): void {
		this.places[this.count] = place;
		this.starts[this.count] = start;
		this.count += 1;
	}
}

interface Surroundings {
	readonly text: string;
	readonly at: number;
	/** -1 at the ends. */
	readonly before: number;
	readonly after: number;
}

function search(
	program: Program,
	text: string,
	from: number,
	any: boolean,
): { start: number; end: number } | undefined {
	let current = new Threads(program.length);
	let next = new Threads(program.length);
	current.clear();
	let found: { start: number; end: number } | undefined;
	let before = from > 0 ? (text.codePointAt(from - 1) ?? -1) : -1;
	for (let at = from; ; ) {
		const after = at < text.length ? (text.codePointAt(at) ?? -1) : -1;
		// A match that has begun further left wins over any that might begin here.
		if (!found) follow(program, current, 0, at, { text, at, before, after });
		if (current.count === 0) {
			if (found || at >= text.length) return found;
		}
		const width = after > 0xffff ? 2 : 1;
		const beyond = at + width;
		next.clear();
		const upcoming = {
			text,
			at: beyond,
			before: after,
			after: beyond < text.length ? (text.codePointAt(beyond) ?? -1) : -1,
		};
		for (let i = 0; i < current.count; i += 1) {
			const place = current.places[i] ?? 0;
			const start = current.starts[i] ?? 0;
			const instruction = program[place];
			if (instruction?.kind === "match") {
				found = { start, end: at };
				if (any) return found;
				// What follows in the list is less preferred.
				break;
			}
			if (instruction?.kind === "character" && after >= 0 && instruction.matches(after)) {
				follow(program, next, place + 1, start, upcoming);
			}
		}
		if (at >= text.length) return found;
		[current, next] = [next, current];
		at = beyond;
		before = after;
	}
}

/** Adds a place and all that can be reached from it without reading a character. */
function follow(
	program: Program,
	threads: Threads,
	place: number,
	start: number,
	around: Surroundings,
): void {
	const stack = [place];
	for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
		if (!threads.mark(top)) continue;
		const instruction = program[top];
		switch (instruction?.kind) {
			case "split":
				stack.push(instruction.other, instruction.first);
				break;
			case "jump":
				stack.push(instruction.to);
				break;
			case "assertion":
				if (holds(instruction.assertion, around)) stack.push(top + 1);
				break;
			default:
				threads.push(top, start);
		}
	}
}

function holds(assertion: Assertion, { text, at, before, after }: Surroundings): boolean {
	switch (assertion) {
		case "textStart":
			return at === 0;
		case "textEnd":
			return at >= text.length;
		case "lineStart":
			return at === 0 || before === 10;
		case "lineEnd":
			return at >= text.length || after === 10;
		case "word":
			return isWord(before) !== isWord(after);
		case "notWord":
			return isWord(before) === isWord(after);
	}
}

const isWord = (code: number): boolean =>
	(code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
