/**
 * Match conditions: a webhook is asked only when all of its expressions are true.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-matchconditions
 */
import type { MatchCondition } from "@berth/api";
import {
	type CelProgram,
	celTypes,
	compileCel,
	createBudget,
	MATCH_CONDITIONS_BUDGET,
} from "../../cel/cel.ts";
import type { AdmissionRequest } from "../admission.ts";
import { requestAttributes } from "../request-attributes.ts";
import { HookFailure } from "./hook-failure.ts";

/** True when all hold; one that is false outweighs one that fails. Throws a HookFailure when one fails. */
export type Conditions = (request: AdmissionRequest) => boolean;

const ALWAYS: Conditions = () => true;
const { DYN, BOOL } = celTypes;
const ENVIRONMENT = { variables: { object: DYN, oldObject: DYN, request: DYN }, results: [BOOL] };

export function compileConditions(conditions: readonly MatchCondition[]): Conditions {
	if (!conditions.length) return ALWAYS;
	const programs = conditions.map(({ name, expression }) => ({ name, program: compile(expression) }));
	return (request) => {
		const view = request.outside?.view ?? ((object) => object);
		const variables = {
			object: request.object ? view(request.object) : null,
			oldObject: request.old ? view(request.old) : null,
			request: requestAttributes(request),
		};
		const budget = createBudget(MATCH_CONDITIONS_BUDGET);
		const failures: string[] = [];
		for (const { name, program } of programs) {
			try {
				if (program instanceof Error) throw program;
				if (program.evaluate(variables, budget) !== true) return false;
			} catch (error) {
				failures.push(
					`expression '${name}' resulted in error: ${error instanceof Error ? error.message : String(error)}`,
				);
			}
		}
		if (failures.length) throw new HookFailure(failures.join(", "));
		return true;
	};
}

/** Validation lets nothing into the store that does not compile; what was stored before that fails when it is asked. */
function compile(expression: string): CelProgram | Error {
	try {
		return compileCel(expression, ENVIRONMENT);
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}
