/** Regular expressions: `matches`, `find`, `findAll`. Patterns are RE2's. */
import { type Declared, fn, method, type Overload } from "../language/declarations.ts";
import { BOOL, INT, listOf, STRING } from "../language/types.ts";
import { compileRegex, type Regex, RegexError } from "../regex/regex.ts";
import type { Meter } from "../runtime/budget.ts";
import { CelError } from "../runtime/errors.ts";
import { type CelValue, ListValue } from "../runtime/values.ts";
import { int, string } from "./arguments.ts";

/** A function of a text, a pattern, and perhaps more. */
type OnPattern = (
	text: string,
	regex: Regex,
	rest: { readonly args: readonly CelValue[]; readonly meter: Meter },
) => CelValue;

const matches: OnPattern = (text, regex) => regex.test(text);

const find: OnPattern = (text, regex) => {
	const found = regex.find(text);
	return found ? text.slice(found.start, found.end) : "";
};

const findAll: OnPattern = (text, regex, { args, meter }) => {
	const limit = args[2] === undefined ? -1n : int(args[2]);
	return ListValue.of([...all(text, regex, limit < 0n ? Number.POSITIVE_INFINITY : Number(limit), meter)]);
};

export const regexes: readonly Declared[] = [
	fn("matches", [STRING, STRING], BOOL, ...onPattern(matches)),
	method("matches", [STRING, STRING], BOOL, ...onPattern(matches)),
	method("find", [STRING, STRING], STRING, ...onPattern(find)),
	method("findAll", [STRING, STRING], listOf(STRING), ...onPattern(findAll)),
	method("findAll", [STRING, STRING, INT], listOf(STRING), ...onPattern(findAll)),
];

/** A pattern that is a literal is compiled once. */
function onPattern(run: OnPattern): [Overload["call"], Overload["prepare"]] {
	const calling =
		(regexOf: (pattern: string) => Regex): Overload["call"] =>
		(args, meter) => {
			const text = string(args[0]);
			const pattern = string(args[1]);
			meter.spend(text.length * 0.1 * Math.max(1, pattern.length * 0.25));
			return run(text, regexOf(pattern), { args, meter });
		};
	return [
		(args, meter) => {
			meter.spend(string(args[1]).length);
			return calling(compile)(args, meter);
		},
		([, pattern]) => {
			if (typeof pattern !== "string") return undefined;
			const regex = compile(pattern);
			return calling(() => regex);
		},
	];
}

function compile(pattern: string): Regex {
	try {
		return compileRegex(pattern);
	} catch (error) {
		if (error instanceof RegexError) throw new CelError(error.message);
		throw error;
	}
}

/** Matches that do not overlap. Every try to find one more costs again: it may read to the end. */
function* all(text: string, regex: Regex, limit: number, meter: Meter): Iterable<string> {
	let count = 0;
	let last = -1;
	for (let from = 0; from <= text.length && count < limit; ) {
		meter.spend(1);
		const found = regex.find(text, from);
		if (!found) return;
		const { start, end } = found;
		// An empty match right behind another is none.
		if (end > start || start !== last) {
			count += 1;
			yield text.slice(start, end);
		}
		last = end;
		from = end > start ? end : end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
	}
}
