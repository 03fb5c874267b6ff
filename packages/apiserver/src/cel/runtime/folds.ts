/** Comprehensions: one loop each over a list or a map. */
import type { Expression, Fold } from "../language/ast.ts";
import { CelError, noSuchOverload } from "./errors.ts";
import type { Compiler, Frame, Step } from "./evaluator.ts";
import { type CelValue, EntryMap, ListValue, MapValue } from "./values.ts";

/** What each turn of the loop costs beyond what its expressions do; making an element of a new list costs more. */
const TURN = 2;
const ELEMENT = 12;

export function compileFold(
	node: Fold,
	compiler: Compiler,
	compile: (node: Expression, compiler: Compiler) => Step,
): Step {
	const range = compile(node.range, compiler);
	const inner = { ...compiler, depth: compiler.depth + node.variables.length };
	const where = node.where && compile(node.where, inner);
	const body = compile(node.body, inner);
	const turns: Turns = { slot: compiler.depth, pairs: node.variables.length === 2, range, where };
	switch (node.operation) {
		case "all":
			return quantifier(turns, body, false);
		case "exists":
			return quantifier(turns, body, true);
		case "existsOne":
			return existsOne(turns, body);
		case "filter":
			return filter(turns, body);
		case "map":
		case "transformList":
			return map(turns, body);
		case "transformMap":
			return transformMap(turns, body);
		case "transformMapEntry":
			return transformMapEntry(turns, body);
	}
}

interface Turns {
	readonly slot: number;
	/** Index and element, or key and value, instead of one of them. */
	readonly pairs: boolean;
	readonly range: Step;
	readonly where: Step | undefined;
}

/** Sets the variables for each turn; says what a single variable would hold, which is also a map's key. */
function* each({ slot, pairs, range, where }: Turns, frame: Frame, cost: number): Iterable<CelValue> {
	const collection = range(frame);
	const isList = collection instanceof ListValue;
	if (!isList && !(collection instanceof MapValue)) throw noSuchOverload();
	let index = 0n;
	for (const item of isList ? collection : collection.keys()) {
		frame.meter.spend(cost);
		const key = isList ? index : item;
		if (pairs) {
			frame.locals[slot] = key;
			frame.locals[slot + 1] = isList ? item : (collection.find(item) ?? null);
		} else frame.locals[slot] = item;
		index += 1n;
		if (!where || isTrue(where(frame))) yield pairs ? key : item;
	}
}

function isTrue(value: CelValue): boolean {
	if (typeof value !== "boolean") throw noSuchOverload();
	return value;
}

/** `all` looks for a false one, `exists` for a true one; an error counts only when neither is found. */
function quantifier(turns: Turns, body: Step, decisive: boolean): Step {
	return (frame) => {
		let error: CelError | undefined;
		for (const _ of each(turns, frame, TURN)) {
			try {
				if (isTrue(body(frame)) === decisive) return decisive;
			} catch (caught) {
				if (!(caught instanceof CelError)) throw caught;
				error ??= caught;
			}
		}
		if (error) throw error;
		return !decisive;
	};
}

function existsOne(turns: Turns, body: Step): Step {
	return (frame) => {
		let found = 0;
		for (const _ of each(turns, frame, TURN)) if (isTrue(body(frame))) found += 1;
		return found === 1;
	};
}

function filter(turns: Turns, body: Step): Step {
	return (frame) => {
		const items: CelValue[] = [];
		for (const item of each(turns, frame, ELEMENT)) if (isTrue(body(frame))) items.push(item);
		return ListValue.of(items);
	};
}

function map(turns: Turns, body: Step): Step {
	return (frame) => {
		const items: CelValue[] = [];
		for (const _ of each(turns, frame, ELEMENT)) items.push(body(frame));
		return ListValue.of(items);
	};
}

function transformMap(turns: Turns, body: Step): Step {
	return (frame) => {
		const entries = new Map<string, readonly [CelValue, CelValue]>();
		for (const key of each(turns, frame, ELEMENT)) insert(entries, key, body(frame));
		return new EntryMap(entries);
	};
}

function transformMapEntry(turns: Turns, body: Step): Step {
	return (frame) => {
		const entries = new Map<string, readonly [CelValue, CelValue]>();
		for (const _ of each(turns, frame, ELEMENT)) {
			const made = body(frame);
			if (!(made instanceof MapValue)) throw noSuchOverload();
			for (const key of made.keys()) insert(entries, key, made.find(key) ?? null);
		}
		return new EntryMap(entries);
	};
}

function insert(entries: Map<string, readonly [CelValue, CelValue]>, key: CelValue, value: CelValue): void {
	const known = EntryMap.keyOf(key);
	if (known === undefined) throw new CelError("unsupported key type");
	if (entries.has(known)) throw new CelError(`insert failed: key '${String(key)}' already exists`);
	entries.set(known, [key, value]);
}
