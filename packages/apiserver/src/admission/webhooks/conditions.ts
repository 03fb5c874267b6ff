/**
 * Match conditions: a webhook is asked only when all of its expressions are true.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-matchconditions
 */
import type { Authorizer } from "../../auth/auth.ts";
import { createBudget, MATCH_CONDITIONS_BUDGET } from "../../cel/cel.ts";
import type { AdmissionRequest } from "../admission.ts";
import { requestActivation } from "../policies/activation.ts";
import type { CompiledCondition } from "../policies/programs.ts";
import { holdAll, PolicyFailure } from "../policies/run-program.ts";
import type { Shown } from "../versions.ts";
import { HookFailure } from "./hook-failure.ts";

/** Throws a HookFailure when one of them fails and none is false. */
export function meetsConditions(
	conditions: readonly CompiledCondition[],
	request: AdmissionRequest,
	{ authorizer, shown }: { readonly authorizer: Authorizer; readonly shown: Shown },
): boolean {
	try {
		const budget = createBudget(MATCH_CONDITIONS_BUDGET);
		return holdAll(conditions, requestActivation(authorizer, request, shown), budget);
	} catch (error) {
		if (error instanceof PolicyFailure) throw new HookFailure(error.message);
		throw error;
	}
}
