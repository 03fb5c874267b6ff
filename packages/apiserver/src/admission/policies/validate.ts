/** A validating policy's verdict about one request, with one object of parameters. */
import { type CelBudget, createBudget, MATCH_CONDITIONS_BUDGET } from "../../cel/cel.ts";
import { type Activation, withVariables } from "./activation.ts";
import type { Policy } from "./policy-set.ts";
import type { CompiledValidation, Programs } from "./programs.ts";
import { holdAll, PolicyFailure, runProgram } from "./run-program.ts";

/** Why the request does not pass. */
export interface Denial {
	readonly message: string;
	/** A reason of a Status: Invalid, Forbidden … */
	readonly reason: string;
	/** Which of the validations, where it is one of them. */
	readonly index: number | undefined;
}

export interface Verdict {
	readonly denials: readonly Denial[];
	readonly annotations: Readonly<Record<string, string>>;
}

const NOTHING: Verdict = { denials: [], annotations: {} };
/** Messages that expressions make, in bytes. */
const MAX_MESSAGE = 5 * 1024;
const MAX_ANNOTATION = 10 * 1024;

export function judge({ programs, failOpen }: Policy, activation: Activation, params: unknown): Verdict {
	const failed = (error: unknown, index?: number): Denial[] => {
		if (!(error instanceof PolicyFailure)) throw error;
		return failOpen ? [] : [{ message: error.message, reason: "Invalid", index }];
	};
	const budget = createBudget();
	const values = withVariables(activation, programs, { params, budget });
	try {
		if (!holds(programs, activation, params)) return NOTHING;
	} catch (error) {
		return { denials: failed(error), annotations: {} };
	}
	const denials = programs.validations.flatMap((validation, index) => {
		try {
			if (runProgram(validation, values, budget) === true) return [];
			const message = messageOf(validation, values, budget);
			return [{ message, reason: validation.reason ?? "Invalid", index }];
		} catch (error) {
			return failed(error, index);
		}
	});
	const annotations: Record<string, string> = {};
	for (const annotation of programs.annotations) {
		try {
			const value = runProgram(annotation, values, budget);
			const text = typeof value === "string" ? value.trim() : "";
			if (text) annotations[annotation.key] = text.slice(0, MAX_ANNOTATION);
		} catch (error) {
			denials.push(...failed(error));
		}
	}
	return { denials, annotations };
}

/** Conditions have a budget of their own. Throws PolicyFailure. */
export function holds(programs: Programs, activation: Activation, params: unknown): boolean {
	if (!programs.conditions.length) return true;
	const budget = createBudget(MATCH_CONDITIONS_BUDGET);
	return holdAll(programs.conditions, withVariables(activation, programs, { params, budget }), budget);
}

/** What the expression says, if it says something fit to print; else the fixed text; else the expression that failed. */
function messageOf(validation: CompiledValidation, values: Activation, budget: CelBudget): string {
	const { message, expression, messageExpression } = validation;
	const made = messageExpression && madeMessage(messageExpression, values, budget);
	return made ?? message ?? `failed expression: ${expression.trim()}`;
}

function madeMessage(
	messageExpression: NonNullable<CompiledValidation["messageExpression"]>,
	values: Activation,
	budget: CelBudget,
): string | undefined {
	try {
		const value = runProgram(messageExpression, values, budget);
		const text = typeof value === "string" ? value.trim() : "";
		const fit = text !== "" && !text.includes("\n") && Buffer.byteLength(text) <= MAX_MESSAGE;
		return fit ? text : undefined;
	} catch (error) {
		if (error instanceof PolicyFailure) return undefined;
		throw error;
	}
}
