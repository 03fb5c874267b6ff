/** The syntax of `--field-selector`: `status.phase=Running,metadata.name!=a\,b`. Backslash escapes `,`, `=` and itself. */
import { badRequest } from "./errors.ts";

export interface FieldRequirement {
	readonly path: string;
	readonly operator: "=" | "!=";
	readonly value: string;
}

export interface FieldSelector {
	/** `value` gives the object's text at a path, "" when unset. */
	matches(value: (path: string) => string): boolean;
	/** True when it restricts nothing. */
	readonly empty: boolean;
	/** Sorted by path. */
	readonly requirements: readonly FieldRequirement[];
	/** Reads back as the same selector. */
	toString(): string;
}

/** Throws a BadRequest for what cannot be understood. "" selects everything. Which paths exist is the kind's to say. */
export function parseFieldSelector(text: string): FieldSelector {
	const terms = splitTerms(text).filter((term) => term !== "");
	return fieldSelectorOf(terms.map((term) => parseTerm(text, term)));
}

function fieldSelectorOf(requirements: readonly FieldRequirement[]): FieldSelector {
	const sorted = Object.freeze(
		requirements.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
	);
	return Object.freeze({
		matches: (value: (path: string) => string) =>
			sorted.every(({ path, operator, value: wanted }) => (value(path) === wanted) === (operator === "=")),
		empty: sorted.length === 0,
		requirements: sorted,
		toString: () =>
			sorted.map(({ path, operator, value }) => `${path}${operator}${escapeFieldValue(value)}`).join(","),
	});
}

/** A value as it stands in a field selector. */
export const escapeFieldValue = (value: string): string => value.replace(/[\\,=]/g, "\\$&");

/** Splits at commas that no backslash escapes. */
function splitTerms(text: string): string[] {
	const terms: string[] = [];
	let start = 0;
	for (let at = 0; at < text.length; at++) {
		const char = text.charAt(at);
		if (char === "\\") at++;
		else if (char === ",") {
			terms.push(text.slice(start, at));
			start = at + 1;
		}
	}
	return [...terms, text.slice(start)];
}

function parseTerm(whole: string, term: string): FieldRequirement {
	const match = /!=|==?/.exec(term);
	if (!match) throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
	return {
		path: term.slice(0, match.index),
		operator: match[0] === "!=" ? "!=" : "=",
		value: unescapeValue(term.slice(match.index + match[0].length)),
	};
}

function unescapeValue(text: string): string {
	let value = "";
	for (let at = 0; at < text.length; at++) {
		const char = text.charAt(at);
		if (char === "," || char === "=") {
			const code = char.charCodeAt(0);
			throw badRequest(`invalid field selector: unescaped character in value: ${code}`);
		}
		if (char !== "\\") {
			value += char;
			continue;
		}
		const escaped = text.charAt(++at);
		if (escaped !== "\\" && escaped !== "," && escaped !== "=") {
			throw badRequest(`invalid field selector: invalid escape sequence: \\${escaped}`);
		}
		value += escaped;
	}
	return value;
}
