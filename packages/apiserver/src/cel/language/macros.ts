/** Calls that are not calls: `has(a.b)`, comprehensions and bindings, told apart by name and number of arguments. */
import { type Expression, type FoldOperation, qualifiedName } from "./ast.ts";
import { SyntaxIssue } from "./issues.ts";

interface MacroCall {
	readonly at: number;
	readonly name: string;
	readonly target: Expression | undefined;
	readonly args: readonly Expression[];
}

/** Undefined for an ordinary call. Throws SyntaxIssue for a macro used wrongly. */
export function expandMacro(call: MacroCall): Expression | undefined {
	const { at, name, target, args } = call;
	const [first, second, third] = args;
	if (!target) return name === "has" && args.length === 1 && first ? has(at, first) : undefined;
	if (name === "bind" && qualifiedName(target) === "cel" && args.length === 3 && first && second && third) {
		return { kind: "bind", as: "bind", at, name: nameOf(first), value: second, body: third };
	}
	if ((name === "optMap" || name === "optFlatMap") && args.length === 2 && first && second) {
		return { kind: "bind", as: name, at, name: nameOf(first), value: target, body: second };
	}
	return fold(call, target);
}

function has(at: number, argument: Expression): Expression {
	if (argument.kind !== "select") throw new SyntaxIssue(argument.at, "invalid argument to has() macro");
	return { ...argument, at, test: true };
}

/** How a comprehension's arguments are to be read, by name and number. */
const FOLDS: Readonly<Record<string, readonly [operation: FoldOperation, variables: 1 | 2, where: boolean]>> =
	{
		all2: ["all", 1, false],
		all3: ["all", 2, false],
		exists2: ["exists", 1, false],
		exists3: ["exists", 2, false],
		exists_one2: ["existsOne", 1, false],
		exists_one3: ["existsOne", 2, false],
		existsOne2: ["existsOne", 1, false],
		existsOne3: ["existsOne", 2, false],
		filter2: ["filter", 1, false],
		map2: ["map", 1, false],
		map3: ["map", 1, true],
		transformList3: ["transformList", 2, false],
		transformList4: ["transformList", 2, true],
		transformMap3: ["transformMap", 2, false],
		transformMap4: ["transformMap", 2, true],
		transformMapEntry3: ["transformMapEntry", 2, false],
		transformMapEntry4: ["transformMapEntry", 2, true],
	};

function fold({ at, name, args }: MacroCall, range: Expression): Expression | undefined {
	const key = `${name}${args.length}`;
	const found = Object.hasOwn(FOLDS, key) ? FOLDS[key] : undefined;
	if (!found) return undefined;
	const [operation, count, conditional] = found;
	const names = args.slice(0, count).map(nameOf);
	const [one = "", two] = names;
	if (one === two) throw new SyntaxIssue(args[1]?.at ?? at, `duplicate variable name: ${one}`);
	const where = conditional ? args[count] : undefined;
	const body = args[args.length - 1];
	if (!body) return undefined;
	return {
		kind: "fold",
		at,
		operation,
		range,
		variables: two === undefined ? [one] : [one, two],
		where,
		body,
	};
}

function nameOf(argument: Expression): string {
	if (argument.kind !== "identifier") throw new SyntaxIssue(argument.at, "argument must be a simple name");
	return argument.name;
}
