/** What is wrong with an expression's text, in the words that people know: position, the line, a caret. */

export interface Issue {
	/** UTF-16 offset into the text. */
	readonly at: number;
	readonly message: string;
}

/** Errors shown at most; the rest would only repeat them. */
const MOST = 100;

/** Thrown by the lexer and the parser for text that is no expression. */
export class SyntaxIssue extends Error {
	override readonly name = "SyntaxIssue";
	readonly at: number;

	constructor(at: number, message: string) {
		super(message);
		this.at = at;
	}
}

/** `ERROR: <input>:1:6: …`, the line itself and a caret under the place; in order of position. */
export function formatIssues(text: string, issues: readonly Issue[]): string {
	const ordered = [...issues].sort((a, b) => a.at - b.at).slice(0, MOST);
	return ordered.map((issue) => format(text, issue)).join("\n");
}

function format(text: string, { at, message }: Issue): string {
	const start = text.lastIndexOf("\n", at - 1) + 1;
	const end = text.indexOf("\n", start);
	const line = text.slice(start, end < 0 ? undefined : end);
	const number = text.slice(0, start).split("\n").length;
	const column = [...text.slice(start, at)].length;
	return `ERROR: <input>:${number}:${column + 1}: ${message}\n | ${line.replaceAll("\t", " ")}\n | ${".".repeat(column)}^`;
}
