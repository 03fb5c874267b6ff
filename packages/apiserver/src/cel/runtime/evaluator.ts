/** A checked tree becomes closures once; running them is all that happens for each object. */
import type {
	Bind,
	Call,
	Expression,
	ListLiteral,
	MapLiteral,
	Select,
	StructLiteral,
} from "../language/ast.ts";
import type { Checked } from "../language/checker.ts";
import type { Overload } from "../language/declarations.ts";
import type { CelType, ObjectOf } from "../language/types.ts";
import type { Meter } from "./budget.ts";
import { CelError, noSuchKey, noSuchOverload } from "./errors.ts";
import { fits } from "./fits.ts";
import { compileFold } from "./folds.ts";
import { StructValue } from "./struct-value.ts";
import {
	type CelValue,
	EntryMap,
	ListValue,
	MapValue,
	NONE,
	ObjectValue,
	OptionalValue,
	TypeValue,
} from "./values.ts";

/** One evaluation. */
export interface Frame {
	readonly meter: Meter;
	/** Throws CelError for a variable that has no value. */
	readonly variable: (name: string) => CelValue;
	/** Variables of comprehensions and bindings, by slot. Written by the node that declares them. */
	readonly locals: CelValue[];
}

export type Step = (frame: Frame) => CelValue;

/** What compiling a node takes. */
export interface Compiler {
	readonly checked: Checked;
	/** How many locals are alive around the node. */
	readonly depth: number;
	readonly types: (name: string) => ObjectOf | undefined;
}

export function compileNode(node: Expression, compiler: Compiler): Step {
	switch (node.kind) {
		case "constant": {
			const { value } = node;
			return () => value;
		}
		case "identifier":
			return compileName(node, compiler) ?? fail();
		case "select":
			return compileName(node, compiler) ?? compileSelect(node, compiler);
		case "call":
			return compileCall(node, compiler);
		case "list":
			return compileList(node, compiler);
		case "map":
			return compileMap(node, compiler);
		case "struct":
			return compileStruct(node, compiler);
		case "fold":
			return compileFold(node, compiler, compileNode);
		case "bind":
			return compileBind(node, compiler);
	}
}

const fail = (): never => {
	throw new Error("an expression is compiled only after it has been checked");
};

function compileName(node: Expression, { checked }: Compiler): Step | undefined {
	const reference = checked.references.get(node);
	switch (reference?.kind) {
		case "local": {
			const { slot } = reference;
			return (frame) => {
				frame.meter.spend(1);
				return frame.locals[slot] ?? null;
			};
		}
		case "variable": {
			const { name } = reference;
			return (frame) => {
				frame.meter.spend(1);
				return frame.variable(name);
			};
		}
		case "type": {
			const value = new TypeValue(reference.name);
			return () => value;
		}
		default:
			return undefined;
	}
}

function compileSelect(node: Select, compiler: Compiler): Step {
	const operand = compileNode(node.operand, compiler);
	const { field, test, optional } = node;
	return (frame) => {
		frame.meter.spend(1);
		const whole = operand(frame);
		const chained = whole instanceof OptionalValue;
		const value = chained ? whole.value : whole;
		if (value === undefined) return test ? false : NONE;
		const found = fieldOf(value, field);
		if (test) return found !== undefined;
		if (chained || optional) return optionally(found);
		if (found === undefined) throw noSuchKey(field);
		return found;
	};
}

/** What is optional already does not become so twice. */
const optionally = (value: CelValue | undefined): OptionalValue =>
	value === undefined ? NONE : value instanceof OptionalValue ? value : new OptionalValue(value);

function fieldOf(value: CelValue, field: string): CelValue | undefined {
	if (value instanceof ObjectValue) return value.get(field);
	if (value instanceof MapValue) return value.find(field);
	throw noSuchOverload();
}

function compileCall(node: Call, compiler: Compiler): Step {
	if (node.name === "_&&_" || node.name === "_||_") return compileLogic(node, compiler);
	const reference = compiler.checked.references.get(node);
	if (reference?.kind !== "call") return fail();
	const operands = reference.receiver && node.target ? [node.target, ...node.args] : node.args;
	const steps = operands.map((operand) => compileNode(operand, compiler));
	if (node.name === "_?_:_") return compileTernary(steps);
	const types = operands.map((operand) => compiler.checked.types.get(operand));
	const [only, ...others] = reference.overloads;
	const certain = only !== undefined && others.length === 0 && isCertain(only, types);
	if (certain) {
		const literals = operands.map((operand) => (operand.kind === "constant" ? operand.value : undefined));
		return direct(only.prepare?.(literals) ?? only.call, steps);
	}
	const { overloads } = reference;
	return (frame) => {
		frame.meter.spend(1);
		const args = steps.map((step) => step(frame));
		return choose(overloads, args).call(args, frame.meter);
	};
}

/** Types are known well enough that arguments need no look when the call is made. */
const isCertain = (overload: Overload, types: readonly (CelType | undefined)[]): boolean =>
	overload.params.every((param, i) => {
		if (param.kind === "dyn" || param.kind === "parameter") return true;
		const type = types[i];
		return type?.kind === param.kind && type.kind !== "object";
	});

function direct(call: Overload["call"], steps: readonly Step[]): Step {
	const [first, second] = steps;
	if (first && steps.length === 1) {
		return (frame) => {
			frame.meter.spend(1);
			return call([first(frame)], frame.meter);
		};
	}
	if (first && second && steps.length === 2) {
		return (frame) => {
			frame.meter.spend(1);
			return call([first(frame), second(frame)], frame.meter);
		};
	}
	return (frame) => {
		frame.meter.spend(1);
		return call(
			steps.map((step) => step(frame)),
			frame.meter,
		);
	};
}

function choose(overloads: readonly Overload[], args: readonly CelValue[]): Overload {
	for (const overload of overloads) {
		if (overload.params.every((param, i) => fits(param, args[i] ?? null))) return overload;
	}
	throw noSuchOverload();
}

/** `&&` and `||` forgive an error on one side when another side decides. */
function compileLogic(node: Call, compiler: Compiler): Step {
	const steps = node.args.map((arg) => compileNode(arg, compiler));
	const decisive = node.name === "_||_";
	return (frame) => {
		let error: CelError | undefined;
		for (const step of steps) {
			try {
				const value = step(frame);
				if (value === decisive) return decisive;
				if (typeof value !== "boolean") throw noSuchOverload();
			} catch (caught) {
				if (!(caught instanceof CelError)) throw caught;
				error ??= caught;
			}
		}
		if (error) throw error;
		return !decisive;
	};
}

function compileTernary([condition = fail(), yes = fail(), no = fail()]: readonly Step[]): Step {
	return (frame) => {
		const value = condition(frame);
		if (typeof value !== "boolean") throw noSuchOverload();
		return value ? yes(frame) : no(frame);
	};
}

function compileList(node: ListLiteral, compiler: Compiler): Step {
	const steps = node.elements.map(({ value, optional }) => ({
		step: compileNode(value, compiler),
		optional,
	}));
	return (frame) => {
		frame.meter.spend(10);
		const items: CelValue[] = [];
		for (const { step, optional } of steps) {
			const value = optional ? inside(step(frame)) : step(frame);
			if (value !== undefined) items.push(value);
		}
		return ListValue.of(items);
	};
}

function inside(value: CelValue): CelValue | undefined {
	if (!(value instanceof OptionalValue)) throw noSuchOverload();
	return value.value;
}

function compileMap(node: MapLiteral, compiler: Compiler): Step {
	const steps = node.entries.map(({ key, value, optional }) => ({
		key: compileNode(key, compiler),
		value: compileNode(value, compiler),
		optional,
	}));
	return (frame) => {
		frame.meter.spend(30);
		const entries = new Map<string, readonly [CelValue, CelValue]>();
		for (const step of steps) {
			const key = step.key(frame);
			const value = step.optional ? inside(step.value(frame)) : step.value(frame);
			const known = EntryMap.keyOf(key);
			if (known === undefined) throw new CelError("unsupported key type");
			if (entries.has(known)) throw new CelError(`Failed with repeated key: ${String(key)}`);
			if (value !== undefined) entries.set(known, [key, value]);
		}
		return new EntryMap(entries);
	};
}

function compileStruct(node: StructLiteral, compiler: Compiler): Step {
	const type = compiler.types(node.name) ?? fail();
	const steps = node.entries.map(({ field, value, optional }) => ({
		field,
		step: compileNode(value, compiler),
		optional,
	}));
	return (frame) => {
		frame.meter.spend(40);
		const fields = new Map<string, CelValue>();
		for (const { field, step, optional } of steps) {
			const value = optional ? inside(step(frame)) : step(frame);
			if (value !== undefined) fields.set(field, value);
		}
		return new StructValue(type, fields);
	};
}

function compileBind(node: Bind, compiler: Compiler): Step {
	const value = compileNode(node.value, compiler);
	const slot = compiler.depth;
	const body = compileNode(node.body, { ...compiler, depth: slot + 1 });
	const { as } = node;
	return (frame) => {
		frame.meter.spend(1);
		const bound = value(frame);
		if (as === "bind") {
			frame.locals[slot] = bound;
			return body(frame);
		}
		const content = inside(bound);
		if (content === undefined) return NONE;
		frame.locals[slot] = content;
		const result = body(frame);
		if (as === "optMap") return new OptionalValue(result);
		inside(result);
		return result;
	};
}
