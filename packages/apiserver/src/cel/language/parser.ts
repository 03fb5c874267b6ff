/**
 * Tokens to a syntax tree, by precedence climbing. Grammar: the Common Expression Language definition, with optional
 * syntax (`a.?b`, `a[?b]`, `[?a]`, `{?k: v}`) and names in backquotes.
 */

import { UintValue } from "../runtime/values.ts";
import { childrenOf, type Expression, type MapLiteral, qualifiedName, type StructLiteral } from "./ast.ts";
import { SyntaxIssue } from "./issues.ts";
import { type Token, tokenize } from "./lexer.ts";
import { expandMacro } from "./macros.ts";

/** Characters of an expression at most. */
const MAX_LENGTH = 100_000;
/** How deep a tree may be: whoever walks it recurses. */
const MAX_DEPTH = 400;

const RESERVED: ReadonlySet<string> = new Set(
	"as break const continue else for function if import let loop package namespace return var void while".split(
		" ",
	),
);

/** Binary operators: how tightly they bind, and the function that they are. */
const BINARY: ReadonlyMap<string, readonly [precedence: number, name: string]> = new Map([
	["||", [1, "_||_"]],
	["&&", [2, "_&&_"]],
	["==", [3, "_==_"]],
	["!=", [3, "_!=_"]],
	["<", [3, "_<_"]],
	["<=", [3, "_<=_"]],
	[">", [3, "_>_"]],
	[">=", [3, "_>=_"]],
	["in", [3, "@in"]],
	["+", [4, "_+_"]],
	["-", [4, "_-_"]],
	["*", [5, "_*_"]],
	["/", [5, "_/_"]],
	["%", [5, "_%_"]],
]);

const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;

/** Throws SyntaxIssue. */
export function parseExpression(text: string): Expression {
	if (text.length > MAX_LENGTH) {
		throw new SyntaxIssue(
			0,
			`expression code point size exceeds limit: size: ${text.length}, limit ${MAX_LENGTH}`,
		);
	}
	return new Parser(text).parse();
}

class Parser {
	readonly #tokens: readonly Token[];
	#next = 0;
	#nesting = 0;
	/** Of every node made so far. */
	readonly #depths = new WeakMap<Expression, number>();

	constructor(text: string) {
		this.#tokens = tokenize(text);
	}

	parse(): Expression {
		const result = this.#expression();
		if (this.#token.kind !== "end") throw this.#unexpected("<EOF>");
		return result;
	}

	get #token(): Token {
		return this.#tokens[this.#next] ?? { kind: "end", at: 0, text: "<EOF>" };
	}

	#take(): Token {
		const token = this.#token;
		this.#next += 1;
		return token;
	}

	#is(symbol: string): boolean {
		const { kind, text } = this.#token;
		return (kind === "symbol" || (symbol === "in" && kind === "name")) && text === symbol;
	}

	#accept(symbol: string): Token | undefined {
		return this.#is(symbol) ? this.#take() : undefined;
	}

	#expect(symbol: string): Token {
		const token = this.#accept(symbol);
		if (!token) throw this.#unexpected(`'${symbol}'`);
		return token;
	}

	#unexpected(expected: string): SyntaxIssue {
		const { at, text } = this.#token;
		return new SyntaxIssue(at, `Syntax error: mismatched input '${text}' expecting ${expected}`);
	}

	/** Remembers how deep the node is, and refuses what is too deep to walk. */
	#made<N extends Expression>(node: N): N {
		let depth = 1;
		for (const child of childrenOf(node)) depth = Math.max(depth, 1 + (this.#depths.get(child) ?? 0));
		if (depth > MAX_DEPTH) throw tooDeep(node.at);
		this.#depths.set(node, depth);
		return node;
	}

	#expression(): Expression {
		this.#nesting += 1;
		if (this.#nesting > MAX_DEPTH / 2) throw tooDeep(this.#token.at);
		const condition = this.#binary(1);
		const question = this.#accept("?");
		let result = condition;
		if (question) {
			const yes = this.#binary(1);
			this.#expect(":");
			const no = this.#expression();
			result = this.#made({
				kind: "call",
				at: question.at,
				name: "_?_:_",
				target: undefined,
				args: [condition, yes, no],
			});
		}
		this.#nesting -= 1;
		return result;
	}

	#binary(least: number): Expression {
		let left = this.#unary();
		for (;;) {
			const token = this.#token;
			const found = token.kind === "symbol" || token.text === "in" ? BINARY.get(token.text) : undefined;
			if (!found || token.kind === "string" || found[0] < least) return left;
			this.#take();
			const [precedence, name] = found;
			const args = [left, this.#binary(precedence + 1)];
			// Long chains of && and || are one call, however long: nobody walks them one by one.
			const chained = token.text === "&&" || token.text === "||";
			while (chained && this.#accept(token.text)) args.push(this.#binary(precedence + 1));
			left = this.#made({ kind: "call", at: token.at, name, target: undefined, args });
		}
	}

	#unary(): Expression {
		const operator = this.#accept("!") ?? this.#accept("-");
		if (!operator) return this.#member();
		let count = 1;
		while (this.#accept(operator.text)) count += 1;
		if (operator.text === "-" && count === 1) {
			const negative = this.#negativeNumber(operator.at);
			if (negative) return this.#members(negative);
		}
		const operand = this.#member();
		if (count % 2 === 0) return operand;
		const name = operator.text === "!" ? "!_" : "-_";
		return this.#made({ kind: "call", at: operator.at, name, target: undefined, args: [operand] });
	}

	#negativeNumber(at: number): Expression | undefined {
		const token = this.#token;
		if (token.kind === "double") {
			this.#take();
			return this.#made({ kind: "constant", at, value: -token.value });
		}
		if (token.kind !== "int") return undefined;
		this.#take();
		if (token.value > MAX_INT + 1n) throw new SyntaxIssue(at, "Syntax error: invalid int literal");
		return this.#made({ kind: "constant", at, value: -token.value });
	}

	#member(): Expression {
		return this.#members(this.#primary());
	}

	#members(start: Expression): Expression {
		let node = start;
		for (;;) {
			const token = this.#token;
			if (this.#accept(".")) node = this.#selection(node, token.at);
			else if (this.#accept("[")) {
				const optional = this.#accept("?") !== undefined;
				const index = this.#expression();
				this.#expect("]");
				const name = optional ? "_[?_]" : "_[_]";
				node = this.#made({ kind: "call", at: token.at, name, target: undefined, args: [node, index] });
			} else if (this.#is("{")) {
				const name = qualifiedName(node);
				if (name === undefined) return node;
				node = this.#struct(name);
			} else return node;
		}
	}

	#selection(operand: Expression, at: number): Expression {
		const optional = this.#accept("?") !== undefined;
		const token = this.#take();
		if (token.kind === "quotedName") {
			return this.#made({
				kind: "select",
				at,
				operand,
				field: token.text.slice(1, -1),
				test: false,
				optional,
			});
		}
		if (token.kind !== "name") {
			this.#next -= 1;
			throw this.#unexpected("IDENTIFIER");
		}
		const open = optional ? undefined : this.#accept("(");
		if (open) return this.#call(token.text, operand, open.at);
		if (token.text === "in" || token.text === "true" || token.text === "false" || token.text === "null") {
			this.#next -= 1;
			throw this.#unexpected("IDENTIFIER");
		}
		return this.#made({ kind: "select", at, operand, field: token.text, test: false, optional });
	}

	#call(name: string, target: Expression | undefined, at: number): Expression {
		const args: Expression[] = [];
		while (!this.#is(")")) {
			args.push(this.#expression());
			if (!this.#accept(",")) break;
		}
		this.#expect(")");
		return this.#made(expandMacro({ at, name, target, args }) ?? { kind: "call", at, name, target, args });
	}

	#primary(): Expression {
		const token = this.#take();
		switch (token.kind) {
			case "int":
				if (token.value > MAX_INT) throw new SyntaxIssue(token.at, "Syntax error: invalid int literal");
				return this.#made({ kind: "constant", at: token.at, value: token.value });
			case "uint":
				if (token.value > MAX_UINT) throw new SyntaxIssue(token.at, "Syntax error: invalid uint literal");
				return this.#made({ kind: "constant", at: token.at, value: new UintValue(token.value) });
			case "double":
			case "string":
			case "bytes":
				return this.#made({ kind: "constant", at: token.at, value: token.value });
			case "name":
				return this.#name(token);
			case "symbol":
				if (token.text === "(") {
					const inner = this.#expression();
					this.#expect(")");
					return inner;
				}
				if (token.text === "[") return this.#list(token.at);
				if (token.text === "{") return this.#map(token.at);
				if (token.text === "." && this.#token.kind === "name") return this.#name(this.#take());
		}
		this.#next -= 1;
		throw this.#unexpected("an expression");
	}

	#name(token: Token): Expression {
		const { at, text } = token;
		if (text === "true" || text === "false")
			return this.#made({ kind: "constant", at, value: text === "true" });
		if (text === "null") return this.#made({ kind: "constant", at, value: null });
		if (text === "in") {
			this.#next -= 1;
			throw this.#unexpected("an expression");
		}
		const open = this.#accept("(");
		if (open) return this.#call(text, undefined, open.at);
		if (RESERVED.has(text)) throw new SyntaxIssue(at, `reserved identifier: ${text}`);
		return this.#made({ kind: "identifier", at, name: text });
	}

	#list(at: number): Expression {
		const elements: { value: Expression; optional: boolean }[] = [];
		while (!this.#is("]")) {
			const optional = this.#accept("?") !== undefined;
			elements.push({ value: this.#expression(), optional });
			if (!this.#accept(",")) break;
		}
		this.#expect("]");
		return this.#made({ kind: "list", at, elements });
	}

	#map(at: number): Expression {
		const entries: MapLiteral["entries"][number][] = [];
		while (!this.#is("}")) {
			const optional = this.#accept("?") !== undefined;
			const key = this.#expression();
			const colon = this.#expect(":");
			entries.push({ at: colon.at, key, value: this.#expression(), optional });
			if (!this.#accept(",")) break;
		}
		this.#expect("}");
		return this.#made({ kind: "map", at, entries });
	}

	#struct(name: string): Expression {
		const { at } = this.#expect("{");
		const entries: StructLiteral["entries"][number][] = [];
		while (!this.#is("}")) {
			const optional = this.#accept("?") !== undefined;
			const token = this.#take();
			if (token.kind !== "name" && token.kind !== "quotedName") {
				this.#next -= 1;
				throw this.#unexpected("IDENTIFIER");
			}
			const colon = this.#expect(":");
			const field = token.kind === "quotedName" ? token.text.slice(1, -1) : token.text;
			entries.push({ at: colon.at, field, value: this.#expression(), optional });
			if (!this.#accept(",")) break;
		}
		this.#expect("}");
		return this.#made({ kind: "struct", at, name, entries });
	}
}

const tooDeep = (at: number) => new SyntaxIssue(at, "expression recursion limit exceeded: 250");
