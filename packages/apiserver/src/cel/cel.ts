/**
 * The Common Expression Language with Kubernetes' libraries: text and declared types in, a program out that runs over
 * JSON objects within a budget. Language: https://github.com/google/cel-spec; what Kubernetes adds:
 * https://kubernetes.io/docs/reference/using-api/cel/
 */
import { isAssignable } from "./language/assignable.ts";
import { check, type Declarations } from "./language/checker.ts";
import { COST_LIMIT, excess, largestSize, SCHEMA_COST_LIMIT, worstCost } from "./language/estimate.ts";
import { formatIssues, type Issue, SyntaxIssue } from "./language/issues.ts";
import { parseExpression } from "./language/parser.ts";
import { type CelType, formatType, type ObjectOf } from "./language/types.ts";
import { LIBRARY } from "./library/library.ts";
import { adapt, toJson } from "./runtime/adapt.ts";
import { type CelBudget, createMeter } from "./runtime/budget.ts";
import { CelError } from "./runtime/errors.ts";
import { compileNode, type Frame } from "./runtime/evaluator.ts";
import type { CelValue } from "./runtime/values.ts";

export * as celTypes from "./language/types.ts";
export { type CelBudget, createBudget, MATCH_CONDITIONS_BUDGET, OBJECT_BUDGET } from "./runtime/budget.ts";
export { CelCostError, CelError } from "./runtime/errors.ts";
export type { CelType, CelValue };
export { COST_LIMIT, excess, largestSize, SCHEMA_COST_LIMIT, toJson };

export interface CelEnvironment {
	/** Types of the variables; `dyn` for JSON of which nothing is known. */
	readonly variables: Readonly<Record<string, CelType>>;
	/** Types that expressions may construct, by name: `JSONPatch{…}`. Default: none. */
	readonly types?: ((name: string) => ObjectOf | undefined) | undefined;
	/** What the result may be; one of them. Default: anything. */
	readonly results?: readonly CelType[] | undefined;
}

/** The text is no expression, or does not fit the environment. `message` is what Kubernetes puts into field errors. */
export class CelCompileError extends Error {
	override readonly name = "CelCompileError";
}

export interface CelProgram {
	readonly expression: string;
	/** The type of the result. */
	readonly type: CelType;
	/** Names of the variables that the expression mentions. */
	readonly uses: ReadonlySet<string>;
	/** What one evaluation costs at most, by the declared sizes of lists, maps and texts (`max` of their types). */
	worstCost(): number;
	/**
	 * `variables`: JSON, or a CelValue. Those not given are errors only when they are used.
	 * Throws CelError (`no such key: foo`) when the expression fails, CelCostError when it costs too much.
	 */
	evaluate(variables: Readonly<Record<string, unknown>>, budget: CelBudget): CelValue;
}

/** Throws CelCompileError. */
export function compileCel(expression: string, environment: CelEnvironment): CelProgram {
	const declarations: Declarations = {
		variables: new Map(Object.entries(environment.variables)),
		functions: LIBRARY,
		types: environment.types ?? (() => undefined),
	};
	const checked = check(parse(expression), declarations);
	if (checked.issues.length) throw compilationFailed(expression, checked.issues);
	const type = checked.types.get(checked.root) ?? { kind: "dyn" };
	requireResult(type, environment.results);
	const run = compileNode(checked.root, { checked, depth: 0, types: declarations.types });
	const references = [...checked.references.values()];
	return {
		expression,
		type,
		uses: new Set(references.flatMap((reference) => (reference.kind === "variable" ? [reference.name] : []))),
		worstCost: () => worstCost(checked),
		evaluate: (variables, budget) => {
			const frame: Frame = {
				meter: createMeter(budget),
				locals: new Array<CelValue>(checked.slots).fill(null),
				variable: (name) => {
					if (!Object.hasOwn(variables, name)) throw new CelError(`no such attribute(s): ${name}`);
					return adapt(variables[name], declarations.variables.get(name) ?? { kind: "dyn" });
				},
			};
			return run(frame);
		},
	};
}

function parse(expression: string) {
	try {
		return parseExpression(expression);
	} catch (error) {
		if (error instanceof SyntaxIssue) throw compilationFailed(expression, [error]);
		throw error;
	}
}

const compilationFailed = (expression: string, issues: readonly Issue[]) =>
	new CelCompileError(`compilation failed: ${formatIssues(expression, issues)}`);

function requireResult(type: CelType, results: readonly CelType[] | undefined): void {
	if (!results || results.some((wanted) => isResult(wanted, type))) return;
	const names = results.map(formatType);
	throw new CelCompileError(
		names.length === 1 ? `must evaluate to ${names[0]}` : `must evaluate to one of [${names.join(" ")}]`,
	);
}

/** Null would do as any object; as a result it must be asked for. */
const isResult = (wanted: CelType, type: CelType): boolean =>
	type.kind === "null" ? wanted.kind === "null" : isAssignable(wanted, type);
