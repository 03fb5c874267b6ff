/** RE2's syntax: what patterns of CEL and of schemas may say. Grammar: https://github.com/google/re2/wiki/Syntax */
import {
	anyOf,
	type CharacterClass,
	classOf,
	DIGITS,
	ignoringCase,
	POSIX,
	type Range,
	SPACES,
	unicodeClass,
	WORD,
} from "./character-class.ts";

export type Assertion = "textStart" | "textEnd" | "lineStart" | "lineEnd" | "word" | "notWord";

export type RegexNode =
	| { readonly kind: "empty" }
	| { readonly kind: "character"; readonly matches: CharacterClass }
	| { readonly kind: "assertion"; readonly assertion: Assertion }
	| { readonly kind: "sequence" | "alternatives"; readonly nodes: readonly RegexNode[] }
	/** `max` Infinity for no limit. */
	| {
			readonly kind: "repeat";
			readonly node: RegexNode;
			readonly min: number;
			readonly max: number;
			readonly greedy: boolean;
	  };

/** The pattern is not one. The message is Go's: ``error parsing regexp: missing closing ): `(a` ``. */
export class RegexError extends Error {
	override readonly name = "RegexError";

	constructor(problem: string, text: string) {
		super(`error parsing regexp: ${problem}: \`${text}\``);
	}
}

/** Throws RegexError. */
export function parseRegex(pattern: string): RegexNode {
	return new RegexParser(pattern).parse();
}

/** As Go has them. */
const MAX_REPEAT = 1000;
const MAX_NESTING = 200;
const PERL: Readonly<Record<string, readonly Range[]>> = { d: DIGITS, w: WORD, s: SPACES };
const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const ASSERTIONS: Readonly<Record<string, Assertion>> = {
	A: "textStart",
	z: "textEnd",
	b: "word",
	B: "notWord",
};

interface Flags {
	readonly i: boolean;
	readonly m: boolean;
	readonly s: boolean;
	readonly U: boolean;
}

class RegexParser {
	readonly #pattern: string;
	readonly #chars: readonly string[];
	#at = 0;
	#nesting = 0;
	#flags: Flags = { i: false, m: false, s: false, U: false };

	constructor(pattern: string) {
		this.#pattern = pattern;
		this.#chars = [...pattern];
	}

	parse(): RegexNode {
		const node = this.#alternatives();
		if (this.#at < this.#chars.length) throw new RegexError("unexpected )", this.#pattern);
		return node;
	}

	#accept(text: string): boolean {
		for (let i = 0; i < text.length; i += 1) if (this.#chars[this.#at + i] !== text[i]) return false;
		this.#at += text.length;
		return true;
	}

	#rest(from: number): string {
		return this.#chars.slice(from).join("");
	}

	#alternatives(): RegexNode {
		this.#nesting += 1;
		if (this.#nesting > MAX_NESTING) throw new RegexError("expression nests too deeply", this.#pattern);
		const nodes = [this.#sequence()];
		while (this.#accept("|")) nodes.push(this.#sequence());
		this.#nesting -= 1;
		const [only] = nodes;
		return only && nodes.length === 1 ? only : { kind: "alternatives", nodes };
	}

	#sequence(): RegexNode {
		const nodes: RegexNode[] = [];
		while (this.#at < this.#chars.length && this.#chars[this.#at] !== "|" && this.#chars[this.#at] !== ")") {
			nodes.push(this.#repeated(this.#atom()));
		}
		const [only] = nodes;
		return only && nodes.length === 1 ? only : { kind: "sequence", nodes };
	}

	#repeated(start: RegexNode): RegexNode {
		let node = start;
		let from = -1;
		for (;;) {
			const begin = this.#at;
			const counts = this.#repetition();
			if (!counts) return node;
			if (from >= 0) {
				const text = this.#chars.slice(from, this.#at).join("");
				throw new RegexError("invalid nested repetition operator", text);
			}
			const lazy = this.#accept("?");
			from = begin;
			node = { kind: "repeat", node, min: counts[0], max: counts[1], greedy: lazy === this.#flags.U };
		}
	}

	#repetition(): readonly [number, number] | undefined {
		const begin = this.#at;
		if (this.#accept("*")) return [0, Number.POSITIVE_INFINITY];
		if (this.#accept("+")) return [1, Number.POSITIVE_INFINITY];
		if (this.#accept("?")) return [0, 1];
		if (this.#chars[begin] !== "{") return undefined;
		const found = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#chars.slice(begin, begin + 32).join(""));
		if (!found) return undefined;
		const [whole, least = "", comma, most] = found;
		this.#at += whole.length;
		const min = Number(least);
		const max = comma === undefined ? min : most ? Number(most) : Number.POSITIVE_INFINITY;
		const tooMany = min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT);
		if (tooMany || max < min) throw new RegexError("invalid repeat count", whole);
		return [min, max];
	}

	#atom(): RegexNode {
		const begin = this.#at;
		const char = this.#chars[begin] ?? "";
		this.#at += 1;
		switch (char) {
			case "(":
				return this.#group(begin);
			case "[":
				return this.#set(begin);
			case ".":
				return { kind: "character", matches: classOf(this.#flags.s ? [] : [[10, 10]], true) };
			case "^":
				return { kind: "assertion", assertion: this.#flags.m ? "lineStart" : "textStart" };
			case "$":
				return { kind: "assertion", assertion: this.#flags.m ? "lineEnd" : "textEnd" };
			case "\\":
				return this.#escape();
			case "*":
			case "+":
			case "?":
				throw new RegexError("missing argument to repetition operator", char);
		}
		if (char === "{") {
			this.#at = begin;
			const counts = this.#repetition();
			if (counts) {
				throw new RegexError(
					"missing argument to repetition operator",
					this.#chars.slice(begin, this.#at).join(""),
				);
			}
			this.#at = begin + 1;
		}
		return this.#literal(char);
	}

	#literal(char: string): RegexNode {
		const code = char.codePointAt(0) ?? 0;
		return this.#character(classOf([[code, code]]));
	}

	#character(matches: CharacterClass): RegexNode {
		return { kind: "character", matches: this.#flags.i ? ignoringCase(matches) : matches };
	}

	#group(begin: number): RegexNode {
		const outer = this.#flags;
		if (this.#accept("?")) {
			const head = this.#chars.slice(this.#at, this.#at + 256).join("");
			const name = /^P?<([^>]*)>/.exec(head);
			if (name) {
				if (!/^\w+$/.test(name[1] ?? "")) throw new RegexError("invalid named capture", `(?${name[0]}`);
				this.#at += name[0].length;
			} else {
				const flags = /^([imsU]*)(?:-([imsU]+))?([:)])/.exec(head);
				if (!flags || head.startsWith(")")) {
					const text = this.#rest(begin).slice(0, head.startsWith("P<") ? undefined : 3);
					throw new RegexError("invalid or unsupported Perl syntax", text);
				}
				this.#at += flags[0].length;
				this.#flags = withFlags(outer, flags[1] ?? "", flags[2] ?? "");
				// `(?i)` alone holds to the end of the group around it.
				if (flags[3] === ")") return { kind: "empty" };
			}
		}
		const node = this.#alternatives();
		if (!this.#accept(")")) throw new RegexError("missing closing )", this.#pattern);
		this.#flags = outer;
		return node;
	}

	#escape(): RegexNode {
		const char = this.#chars[this.#at];
		if (char === undefined) throw new RegexError("trailing backslash at end of expression", "");
		const assertion = Object.hasOwn(ASSERTIONS, char) ? ASSERTIONS[char] : undefined;
		if (assertion) {
			this.#at += 1;
			return { kind: "assertion", assertion };
		}
		if (char === "Q") {
			this.#at += 1;
			const nodes: RegexNode[] = [];
			while (this.#at < this.#chars.length && !this.#accept("\\E")) {
				nodes.push(this.#literal(this.#chars[this.#at] ?? ""));
				this.#at += 1;
			}
			return { kind: "sequence", nodes };
		}
		const named = this.#namedClass();
		if (named) return this.#character(named);
		return this.#literal(String.fromCodePoint(this.#escapedCode()));
	}

	/** Behind a backslash: `d`, `W`, `pL`, `P{Greek}`; undefined for others. */
	#namedClass(): CharacterClass | undefined {
		const char = this.#chars[this.#at] ?? "";
		const perl = Object.hasOwn(PERL, char.toLowerCase()) ? PERL[char.toLowerCase()] : undefined;
		if (perl) {
			this.#at += 1;
			return classOf(perl, char !== char.toLowerCase());
		}
		if (char !== "p" && char !== "P") return undefined;
		const head = this.#chars.slice(this.#at + 1, this.#at + 64).join("");
		const found = /^(?:\{(\^?)(\w+)\}|(\w))/.exec(head);
		const known = found && unicodeClass(found[2] ?? found[3] ?? "", (char === "P") !== (found[1] === "^"));
		if (!found || !known) {
			throw new RegexError("invalid character class range", `\\${char}${found?.[0] ?? head.slice(0, 1)}`);
		}
		this.#at += 1 + found[0].length;
		return known;
	}

	/** Behind a backslash: the one character that is meant. */
	#escapedCode(): number {
		const char = this.#chars[this.#at] ?? "";
		const head = this.#chars.slice(this.#at, this.#at + 12).join("");
		const hex = /^x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,8})\})/.exec(head);
		const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(head);
		const code = hex
			? Number.parseInt(hex[1] ?? hex[2] ?? "", 16)
			: octal
				? Number.parseInt(octal[0], 8)
				: undefined;
		if (code !== undefined && code <= 0x10ffff) {
			this.#at += (hex ?? octal)?.[0].length ?? 0;
			return code;
		}
		this.#at += 1;
		const control = Object.hasOwn(CONTROL, char) ? CONTROL[char] : undefined;
		if (control !== undefined) return control;
		if (/^[\x21-\x7e]$/.test(char) && !/\w/.test(char)) return char.charCodeAt(0);
		if (char === "_") return 95;
		throw new RegexError("invalid escape sequence", `\\${char}`);
	}

	#set(begin: number): RegexNode {
		const negated = this.#accept("^");
		const ranges: Range[] = [];
		const classes: CharacterClass[] = [];
		for (let first = true; first || this.#chars[this.#at] !== "]"; first = false) {
			if (this.#at >= this.#chars.length) throw new RegexError("missing closing ]", this.#rest(begin));
			const named = this.#posixClass() ?? this.#setClass();
			if (named) classes.push(named);
			else ranges.push(this.#range());
		}
		this.#at += 1;
		const inside = anyOf([classOf(ranges), ...classes]);
		const folded = this.#flags.i ? ignoringCase(inside) : inside;
		return { kind: "character", matches: negated ? (code) => !folded(code) : folded };
	}

	#posixClass(): CharacterClass | undefined {
		const found = /^\[:(\^?)(\w*):\]/.exec(this.#chars.slice(this.#at, this.#at + 16).join(""));
		if (!found) return undefined;
		const [whole, negated, name = ""] = found;
		const ranges = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
		if (!ranges) throw new RegexError("invalid character class range", whole);
		this.#at += whole.length;
		return classOf(ranges, negated === "^");
	}

	#setClass(): CharacterClass | undefined {
		if (this.#chars[this.#at] !== "\\") return undefined;
		this.#at += 1;
		const named = this.#namedClass();
		if (!named) this.#at -= 1;
		return named;
	}

	#range(): Range {
		const begin = this.#at;
		const from = this.#setCharacter();
		if (this.#chars[this.#at] !== "-" || this.#chars[this.#at + 1] === "]") return [from, from];
		if (this.#at + 1 >= this.#chars.length) return [from, from];
		this.#at += 1;
		const to = this.#setCharacter();
		if (to < from) {
			throw new RegexError("invalid character class range", this.#chars.slice(begin, this.#at).join(""));
		}
		return [from, to];
	}

	#setCharacter(): number {
		if (this.#accept("\\")) {
			if (this.#at >= this.#chars.length) throw new RegexError("trailing backslash at end of expression", "");
			return this.#escapedCode();
		}
		const code = this.#chars[this.#at]?.codePointAt(0) ?? 0;
		this.#at += 1;
		return code;
	}
}

function withFlags(flags: Flags, on: string, off: string): Flags {
	const is = (flag: keyof Flags) => (flags[flag] || on.includes(flag)) && !off.includes(flag);
	return { i: is("i"), m: is("m"), s: is("s"), U: is("U") };
}
