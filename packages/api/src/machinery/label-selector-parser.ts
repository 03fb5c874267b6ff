/** The syntax of `kubectl -l`: `app=web,tier in (front,back),!old,cores>4`. Errors in the words its users know. */
import { badRequest } from "./errors.ts";
import { type FieldError, invalidValue } from "./field-error.ts";
import { labelValueErrors, qualifiedNameErrors } from "./names.ts";
import {
	type LabelOperator,
	type LabelRequirement,
	labelInteger,
	type Selector,
	selectorOfRequirements,
} from "./selector.ts";

/** Throws a BadRequest whose message is the parser's. "" selects everything. */
export function parseLabelSelector(text: string): Selector {
	return selectorOfRequirements(parseRequirements(new Tokens(text)));
}

function parseRequirements(tokens: Tokens): LabelRequirement[] {
	const requirements: LabelRequirement[] = [];
	for (;;) {
		const first = tokens.peek();
		if (first.type === "end") return requirements;
		if (first.type !== "identifier" && first.type !== "!") {
			throw badRequest(`found '${first.text}', expected: !, identifier, or 'end of string'`);
		}
		requirements.push(parseRequirement(tokens));
		const next = tokens.next();
		if (next.type === "end") return requirements;
		if (next.type !== ",") throw badRequest(`found '${next.text}', expected: ',' or 'end of string'`);
		const after = tokens.peek();
		if (after.type !== "identifier" && after.type !== "!") {
			throw badRequest(`found '${after.text}', expected: identifier after ','`);
		}
	}
}

function parseRequirement(tokens: Tokens): LabelRequirement {
	const isNegated = tokens.peek().type === "!";
	if (isNegated) tokens.next();
	const key = tokens.next();
	if (key.type !== "identifier") throw unable(`found '${key.text}', expected: identifier`);
	const messages = qualifiedNameErrors(key.text);
	if (messages.length) refuse([invalidValue("<nil>", key.text, messages.join("; "))]);
	if (isNegated) return { key: key.text, operator: "!", values: [] };
	const after = tokens.peek();
	if (after.type === "end" || after.type === ",") return { key: key.text, operator: "exists", values: [] };
	const operator = parseOperator(tokens);
	const isSet = operator === "in" || operator === "notin";
	const values = [...new Set(isSet ? parseSet(tokens) : [parseValue(tokens)])].sort();
	refuse(valueErrors(key.text, operator, values));
	return { key: key.text, operator, values };
}

function parseOperator(tokens: Tokens): LabelOperator {
	const { type, text } = tokens.next("keyword");
	switch (type) {
		case "in":
		case "notin":
		case "=":
		case "==":
		case "!=":
			return type;
		case ">":
			return "gt";
		case "<":
			return "lt";
		default:
			throw unable(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
	}
}

function parseValue(tokens: Tokens): string {
	const ahead = tokens.peek();
	if (ahead.type === "end" || ahead.type === ",") return "";
	const { type, text } = tokens.next();
	if (type !== "identifier") throw unable(`found '${text}', expected: identifier`);
	return text;
}

/** `(a, b)`. Values may be empty: `(,a)` holds "" and "a", `()` holds "". */
function parseSet(tokens: Tokens): string[] {
	const open = tokens.next();
	if (open.type !== "(") throw unable(`found '${open.text}' expected: '('`);
	const first = tokens.peek();
	if (first.type === ")") {
		tokens.next();
		return [""];
	}
	if (first.type !== "identifier" && first.type !== ",") {
		throw unable(`found '${first.text}', expected: ',', ')' or identifier`);
	}
	const values: string[] = [];
	for (;;) {
		const token = tokens.next();
		if (token.type === "identifier") {
			values.push(token.text);
			const after = tokens.peek();
			if (after.type === ")") break;
			if (after.type !== ",") throw unable(`found '${after.text}', expected: ',' or ')'`);
		} else if (token.type === ",") {
			if (values.length === 0) values.push("");
			const after = tokens.peek();
			if (after.type === ")") {
				values.push("");
				break;
			}
			if (after.type === ",") {
				tokens.next();
				values.push("");
			}
		} else {
			throw unable(`found '${token.text}', expected: ',', or identifier`);
		}
	}
	tokens.next();
	return values;
}

function valueErrors(key: string, operator: LabelOperator, values: readonly string[]): FieldError[] {
	const errors: FieldError[] = [];
	values.forEach((value, index) => {
		if ((operator === "gt" || operator === "lt") && labelInteger(value) === undefined) {
			const message = "for 'Gt', 'Lt' operators, the value must be an integer";
			errors.push(invalidValue(`values[${index}]`, value, message));
		}
	});
	values.forEach((value, index) => {
		const messages = labelValueErrors(value);
		if (messages.length) errors.push(invalidValue(`values[${index}][${key}]`, value, messages.join("; ")));
	});
	return errors;
}

function refuse(errors: readonly FieldError[]): void {
	if (errors.length === 0) return;
	const texts = errors.map(({ field, message }) => `${field}: ${message}`);
	throw unable(texts.length === 1 ? texts.join() : `[${texts.join(", ")}]`);
}

const unable = (message: string) => badRequest(`unable to parse requirement: ${message}`);

interface Token {
	readonly type: string;
	readonly text: string;
}

const END: Token = { type: "end", text: "" };
const KEYWORDS: readonly string[] = [")", ",", "!", "==", "=", ">", "<", "!=", "("];

/** `in` and `notin` are keywords only where an operator may stand: elsewhere they are names like any other. */
class Tokens {
	readonly #text: string;
	#at = 0;
	#ahead: Token | undefined;

	constructor(text: string) {
		this.#text = text;
	}

	peek(): Token {
		this.#ahead ??= this.#read();
		return asValue(this.#ahead);
	}

	next(place: "value" | "keyword" = "value"): Token {
		const token = this.#ahead ?? this.#read();
		this.#ahead = undefined;
		return place === "value" ? asValue(token) : token;
	}

	#read(): Token {
		while (" \t\r\n".includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at++;
		if (this.#at >= this.#text.length) return END;
		const rest = /[=!(),><]/.test(this.#text.charAt(this.#at)) ? this.#symbol() : this.#word();
		this.#at += rest.length;
		const isWord = rest === "in" || rest === "notin" || KEYWORDS.includes(rest);
		return { type: isWord ? rest : "identifier", text: rest };
	}

	#symbol(): string {
		const two = this.#text.slice(this.#at, this.#at + 2);
		return KEYWORDS.includes(two) ? two : two.charAt(0);
	}

	#word(): string {
		WORD.lastIndex = this.#at;
		return WORD.exec(this.#text)?.[0] ?? "";
	}
}

const WORD = /[^=!(),><\s]+|\S/y;

const asValue = (token: Token): Token =>
	token.type === "in" || token.type === "notin" ? { type: "identifier", text: token.text } : token;
