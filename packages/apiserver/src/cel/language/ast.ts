/** Syntax trees of CEL expressions. Macros are already nodes of their own here: `has`, the comprehensions, `cel.bind`. */
import type { CelValue } from "../runtime/values.ts";

interface Node {
	/** Offset into the text, where errors about this node point: the operator of a call, the name of a variable. */
	readonly at: number;
}

export interface Constant extends Node {
	readonly kind: "constant";
	readonly value: CelValue;
}
export interface Identifier extends Node {
	readonly kind: "identifier";
	readonly name: string;
}
export interface Select extends Node {
	readonly kind: "select";
	readonly operand: Expression;
	readonly field: string;
	/** `has(a.b)` asks, `a.b` reads. */
	readonly test: boolean;
	/** `a.?b`. */
	readonly optional: boolean;
}
export interface Call extends Node {
	readonly kind: "call";
	readonly name: string;
	readonly target: Expression | undefined;
	readonly args: readonly Expression[];
}
export interface ListLiteral extends Node {
	readonly kind: "list";
	readonly elements: readonly { readonly value: Expression; readonly optional: boolean }[];
}
export interface MapLiteral extends Node {
	readonly kind: "map";
	readonly entries: readonly {
		readonly at: number;
		readonly key: Expression;
		readonly value: Expression;
		readonly optional: boolean;
	}[];
}
export interface StructLiteral extends Node {
	readonly kind: "struct";
	readonly name: string;
	readonly entries: readonly {
		readonly at: number;
		readonly field: string;
		readonly value: Expression;
		readonly optional: boolean;
	}[];
}
export type FoldOperation =
	| "all"
	| "exists"
	| "existsOne"
	| "map"
	| "filter"
	| "transformList"
	| "transformMap"
	| "transformMapEntry";

/** A comprehension. With one variable it walks elements (keys of a map), with two indexes and elements (keys and values). */
export interface Fold extends Node {
	readonly kind: "fold";
	readonly operation: FoldOperation;
	readonly range: Expression;
	readonly variables: readonly [string] | readonly [string, string];
	/** Only elements for which this holds (`map` and `transform…` with a condition). */
	readonly where: Expression | undefined;
	readonly body: Expression;
}
/** `cel.bind(name, value, body)`, and `value.optMap(name, body)` which binds what is inside. */
export interface Bind extends Node {
	readonly kind: "bind";
	readonly as: "bind" | "optMap" | "optFlatMap";
	readonly name: string;
	readonly value: Expression;
	readonly body: Expression;
}

export type Expression =
	| Constant
	| Identifier
	| Select
	| Call
	| ListLiteral
	| MapLiteral
	| StructLiteral
	| Fold
	| Bind;

/** The nodes directly below. */
export function childrenOf(node: Expression): readonly Expression[] {
	switch (node.kind) {
		case "constant":
		case "identifier":
			return [];
		case "select":
			return [node.operand];
		case "call":
			return node.target ? [node.target, ...node.args] : node.args;
		case "list":
			return node.elements.map((element) => element.value);
		case "map":
			return node.entries.flatMap((entry) => [entry.key, entry.value]);
		case "struct":
			return node.entries.map((entry) => entry.value);
		case "fold":
			return node.where ? [node.range, node.where, node.body] : [node.range, node.body];
		case "bind":
			return [node.value, node.body];
	}
}

/** `a.b.c` for a chain of plain selections from a name; undefined for anything else. */
export function qualifiedName(node: Expression): string | undefined {
	if (node.kind === "identifier") return node.name;
	if (node.kind !== "select" || node.test || node.optional) return undefined;
	const head = qualifiedName(node.operand);
	return head === undefined ? undefined : `${head}.${node.field}`;
}
