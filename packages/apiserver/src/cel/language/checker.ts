/** Finds the type of every node and the declaration behind every name and call, or says what is wrong. */

import { CelError } from "../runtime/errors.ts";
import { isAssignable, joinTypes, substitute } from "./assignable.ts";
import {
	type Bind,
	type Call,
	type Expression,
	type Fold,
	qualifiedName,
	type Select,
	type StructLiteral,
} from "./ast.ts";
import type { Functions, Overload } from "./declarations.ts";
import type { Issue } from "./issues.ts";
import { typeOfConstant } from "./literals.ts";
import { isOpen, matches, sameType } from "./overloads.ts";
import { STANDARD_TYPES } from "./standard-types.ts";
import {
	BOOL,
	type CelType,
	DYN,
	ERROR,
	formatType,
	INT,
	listOf,
	mapOf,
	type ObjectOf,
	optionalOf,
	typeOf,
} from "./types.ts";

export interface Declarations {
	readonly variables: ReadonlyMap<string, CelType>;
	readonly functions: Functions;
	/** Types that expressions may construct, by name. */
	readonly types: (name: string) => ObjectOf | undefined;
}

/** What a node stands for. */
export type Reference =
	| { readonly kind: "variable"; readonly name: string }
	/** A variable of a comprehension or binding, by its place among those around it. */
	| { readonly kind: "local"; readonly slot: number }
	| { readonly kind: "type"; readonly name: string }
	| {
			readonly kind: "call";
			/** Those that may fit; with one there is nothing to decide at run time. */
			readonly overloads: readonly Overload[];
			/** The receiver counts as first argument. */
			readonly receiver: boolean;
	  };

export interface Checked {
	readonly root: Expression;
	readonly types: ReadonlyMap<Expression, CelType>;
	readonly references: ReadonlyMap<Expression, Reference>;
	/** How many local variables are alive at most. */
	readonly slots: number;
	readonly issues: readonly Issue[];
}

export function check(root: Expression, declarations: Declarations): Checked {
	const checker = new Checker(declarations);
	checker.visit(root);
	return {
		root,
		types: checker.types,
		references: checker.references,
		slots: checker.slots,
		issues: checker.issues,
	};
}

class Checker {
	readonly types = new Map<Expression, CelType>();
	readonly references = new Map<Expression, Reference>();
	readonly issues: Issue[] = [];
	slots = 0;
	readonly #declared: Declarations;
	/** Lists whose elements need not agree. */
	readonly #mixed = new Set<Expression>();
	readonly #locals: { readonly name: string; readonly type: CelType }[] = [];

	constructor(declarations: Declarations) {
		this.#declared = declarations;
	}

	visit(node: Expression): CelType {
		const type = this.#typeOf(node);
		this.types.set(node, type);
		return type;
	}

	#fail(node: { readonly at: number }, message: string): CelType {
		this.issues.push({ at: node.at, message });
		return ERROR;
	}

	#typeOf(node: Expression): CelType {
		switch (node.kind) {
			case "constant":
				return typeOfConstant(node.value);
			case "identifier":
				return this.#name(node, node.name) ?? this.#undeclared(node, node.name);
			case "select":
				return this.#select(node);
			case "call":
				return this.#call(node);
			case "list": {
				const types = node.elements.map(({ value, optional }) => ({
					at: value.at,
					type: this.#element(value, optional),
				}));
				return listOf(this.#mixed.has(node) ? DYN : this.#join(types));
			}
			case "map": {
				const keys = node.entries.map(({ key }) => ({ at: key.at, type: this.visit(key) }));
				const values = node.entries.map(({ value, optional }) => ({
					at: value.at,
					type: this.#element(value, optional),
				}));
				return mapOf(this.#join(keys), this.#join(values));
			}
			case "struct":
				return this.#struct(node);
			case "fold":
				return this.#fold(node);
			case "bind":
				return this.#bind(node);
		}
	}

	#undeclared(node: Expression, name: string): CelType {
		return this.#fail(node, `undeclared reference to '${name}' (in container '')`);
	}

	/** The type of a name, remembered as what it refers to. */
	#name(node: Expression, name: string): CelType | undefined {
		const slot = this.#locals.findLastIndex((local) => local.name === name);
		const local = this.#locals[slot];
		if (local) {
			this.references.set(node, { kind: "local", slot });
			return local.type;
		}
		const variable = this.#declared.variables.get(name);
		if (variable) {
			this.references.set(node, { kind: "variable", name });
			return variable;
		}
		const type = STANDARD_TYPES.get(name) ?? this.#declared.types(name);
		if (!type) return undefined;
		this.references.set(node, { kind: "type", name });
		return typeOf(type);
	}

	/** Literals must agree on their elements' type, as Kubernetes asks. */
	#join(types: readonly { readonly at: number; readonly type: CelType }[]): CelType {
		const joined = joinTypes(types.map(({ type }) => type));
		const [first] = types;
		if (joined.kind !== "dyn" || !first || types.some(({ type }) => type.kind === "dyn")) return joined;
		const other = types.find(({ type }) => !isAssignable(first.type, type));
		if (other)
			this.#fail(other, `expected type '${formatType(first.type)}' but found '${formatType(other.type)}'`);
		return joined;
	}

	/** An optional element adds what is inside, or nothing. */
	#element(value: Expression, optional: boolean): CelType {
		const type = this.visit(value);
		if (!optional) return type;
		if (type.kind === "optional") return type.of;
		if (type.kind === "dyn" || type.kind === "error") return DYN;
		return this.#fail(
			value,
			`expected type 'optional_type(${formatType(type)})' but found '${formatType(type)}'`,
		);
	}

	#select(node: Select): CelType {
		const name = qualifiedName(node);
		const root = name?.slice(0, name.indexOf("."));
		const hidden = this.#locals.some((local) => local.name === root);
		const qualified = name !== undefined && !hidden ? this.#name(node, name) : undefined;
		if (qualified) return qualified;
		const operand = this.visit(node.operand);
		const inner = operand.kind === "optional" ? operand.of : operand;
		const field = this.#field(node, inner);
		if (node.test) return BOOL;
		return node.optional || operand.kind === "optional"
			? optionalOf(field.kind === "optional" ? field.of : field)
			: field;
	}

	#field(node: Select, operand: CelType): CelType {
		switch (operand.kind) {
			case "dyn":
			case "error":
				return operand;
			case "map":
				return operand.value;
			case "object":
				return operand.field(node.field)?.type ?? this.#fail(node, `undefined field '${node.field}'`);
			default:
				return this.#fail(node, `type '${formatType(operand)}' does not support field selection`);
		}
	}

	#call(node: Call): CelType {
		const { functions } = this.#declared;
		if (node.name === "_&&_" || node.name === "_||_") {
			return this.#logic(
				node,
				node.args.map((arg) => this.visit(arg)),
			);
		}
		const namespace = node.target && qualifiedName(node.target);
		const spaced = namespace === undefined ? undefined : functions.get(`${namespace}.${node.name}`);
		if (spaced) {
			const types = node.args.map((arg) => this.visit(arg));
			const free = spaced.filter((overload) => !overload.member);
			return this.#resolve(node, {
				name: `${namespace}.${node.name}`,
				overloads: free,
				types,
				receiver: false,
			});
		}
		const overloads = functions.get(node.name);
		const receiver = node.target !== undefined;
		if (!overloads) {
			if (node.target) this.visit(node.target);
			for (const arg of node.args) this.visit(arg);
			return this.#undeclared(node, node.name);
		}
		if (node.name === "format") for (const arg of node.args) this.#mixed.add(arg);
		const all = node.target ? [node.target, ...node.args] : node.args;
		const types = all.map((arg) => this.visit(arg));
		const fitting = overloads.filter((overload) => overload.member === receiver);
		return this.#resolve(node, { name: node.name, overloads: fitting, types, receiver });
	}

	#logic(node: Call, types: readonly CelType[]): CelType {
		for (const [i, type] of types.entries()) {
			if (isAssignable(BOOL, type)) continue;
			const pair = i === 0 ? [type, types[1] ?? BOOL] : [BOOL, type];
			return this.#noOverload(node, node.name, pair, false);
		}
		return BOOL;
	}

	#resolve(
		node: Expression,
		call: {
			readonly name: string;
			readonly overloads: readonly Overload[];
			readonly types: readonly CelType[];
			readonly receiver: boolean;
		},
	): CelType {
		const { name, types, receiver } = call;
		const matching: Overload[] = [];
		let result: CelType | undefined;
		for (const overload of call.overloads) {
			const bindings = matches(overload, types);
			if (!bindings) continue;
			matching.push(overload);
			this.#literals(node, name, overload);
			const one = substitute(bindings, overload.result);
			result = result === undefined || sameType(result, one) ? one : DYN;
			// Where all types are known the first that fits is meant; otherwise values decide.
			if (!types.some(isOpen)) break;
		}
		if (!result) return this.#noOverload(node, name, types, receiver);
		this.references.set(node, { kind: "call", overloads: matching, receiver });
		return result;
	}

	/** Literals that can never do: a pattern that is none, a duration that nobody can read. */
	#literals(node: Expression, name: string, overload: Overload): void {
		if (node.kind !== "call" || !overload.prepare) return;
		const operands = overload.member && node.target ? [node.target, ...node.args] : node.args;
		try {
			overload.prepare(operands.map((operand) => (operand.kind === "constant" ? operand.value : undefined)));
		} catch (error) {
			if (!(error instanceof CelError)) throw error;
			this.#fail(operands.at(-1) ?? node, `invalid ${name} argument`);
		}
	}

	#noOverload(node: Expression, name: string, types: readonly CelType[], receiver: boolean): CelType {
		if (types.some((type) => type.kind === "error")) return ERROR;
		const [first, ...rest] = types.map(formatType);
		const applied = receiver ? `${first}.(${rest.join(", ")})` : `(${types.map(formatType).join(", ")})`;
		return this.#fail(node, `found no matching overload for '${name}' applied to '${applied}'`);
	}

	#struct(node: StructLiteral): CelType {
		const type = this.#declared.types(node.name);
		if (!type) {
			for (const entry of node.entries) this.visit(entry.value);
			return this.#undeclared(node, node.name);
		}
		for (const entry of node.entries) {
			const value = this.#element(entry.value, entry.optional);
			const field = type.field(entry.field);
			if (!field) this.#fail(entry, `undefined field '${entry.field}'`);
			else if (!isAssignable(field.type, value)) {
				this.#fail(
					entry,
					`expected type of field '${entry.field}' is '${formatType(field.type)}' but provided type is '${formatType(value)}'`,
				);
			}
		}
		return type;
	}

	#within<T>(locals: readonly { readonly name: string; readonly type: CelType }[], visit: () => T): T {
		this.#locals.push(...locals);
		this.slots = Math.max(this.slots, this.#locals.length);
		const result = visit();
		this.#locals.length -= locals.length;
		return result;
	}

	#bind(node: Bind): CelType {
		const value = this.visit(node.value);
		if (node.as === "bind") {
			return this.#within([{ name: node.name, type: value }], () => this.visit(node.body));
		}
		if (value.kind !== "optional" && value.kind !== "dyn" && value.kind !== "error") {
			return this.#noOverload(node, node.as, [value], true);
		}
		const inner = value.kind === "optional" ? value.of : value;
		const body = this.#within([{ name: node.name, type: inner }], () => this.visit(node.body));
		if (node.as === "optMap") return optionalOf(body);
		return body.kind === "optional" || body.kind === "dyn" || body.kind === "error"
			? body
			: this.#noOverload(node, "_?_:_", [BOOL, optionalOf(DYN), body], false);
	}

	#fold(node: Fold): CelType {
		const range = this.visit(node.range);
		const items = this.#itemsOf(node, range);
		const [one, two] = node.variables;
		const locals =
			two === undefined
				? [{ name: one, type: items.single }]
				: [
						{ name: one, type: items.key },
						{ name: two, type: items.value },
					];
		return this.#within(locals, () => {
			if (node.where) this.#condition(node.where, "_?_:_", node);
			const body = this.visit(node.body);
			switch (node.operation) {
				case "all":
				case "exists":
				case "existsOne":
					this.#condition(
						node.body,
						node.operation === "all" ? "_&&_" : node.operation === "exists" ? "_||_" : "_?_:_",
						node,
					);
					return BOOL;
				case "filter":
					this.#condition(node.body, "_?_:_", node);
					return range.kind === "list" ? listOf(range.of) : listOf(items.single);
				case "map":
				case "transformList":
					return listOf(body);
				case "transformMap":
					return mapOf(items.key, body);
				case "transformMapEntry":
					return body.kind === "map" ? mapOf(body.key, body.value) : mapOf(DYN, DYN);
			}
		});
	}

	#condition(body: Expression, operator: string, node: Fold): void {
		const type = this.types.get(body) ?? this.visit(body);
		if (isAssignable(BOOL, type)) return;
		const types = operator === "_?_:_" ? [type, INT, INT] : [BOOL, type];
		this.#noOverload(node, operator, types, false);
	}

	#itemsOf(node: Fold, range: CelType): { single: CelType; key: CelType; value: CelType } {
		if (range.kind === "list") return { single: range.of, key: INT, value: range.of };
		if (range.kind === "map") return { single: range.key, key: range.key, value: range.value };
		if (range.kind !== "dyn" && range.kind !== "error") {
			this.#fail(
				node.range,
				`expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
			);
			return { single: ERROR, key: ERROR, value: ERROR };
		}
		return { single: range, key: range, value: range };
	}
}
