/** One expression of a policy or of match conditions: its value, or why there is none. */
import { type CelBudget, CelCostError, CelError, type CelValue } from "../../cel/cel.ts";
import type { Activation } from "./activation.ts";
import type { Compiled, CompiledCondition } from "./programs.ts";

/** Its message is what people read; nothing but these may fail. */
export class PolicyFailure extends Error {
	override readonly name = "PolicyFailure";
}

/** Throws PolicyFailure. */
export function runProgram(
	{ expression, program }: Compiled,
	activation: Activation,
	budget: CelBudget,
): CelValue {
	if (program instanceof Error) throw new PolicyFailure(`compilation error: ${program.message}`);
	try {
		return program.evaluate(activation, budget);
	} catch (error) {
		if (error instanceof CelCostError && error.limit === "budget") throw new PolicyFailure(error.message);
		if (!(error instanceof CelError || error instanceof CelCostError)) throw error;
		throw new PolicyFailure(`expression '${expression}' resulted in error: ${error.message}`);
	}
}

/** True when all hold; one that is false outweighs one that fails. Throws PolicyFailure when one fails. */
export function holdAll(
	conditions: readonly CompiledCondition[],
	activation: Activation,
	budget: CelBudget,
): boolean {
	const failures: string[] = [];
	for (const condition of conditions) {
		try {
			if (runProgram(condition, activation, budget) !== true) return false;
		} catch (error) {
			if (!(error instanceof PolicyFailure)) throw error;
			failures.push(error.message);
		}
	}
	if (failures.length) throw new PolicyFailure(failures.join(", "));
	return true;
}
