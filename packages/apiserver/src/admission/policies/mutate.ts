/** One mutation of a policy: what its expression makes of the object. */
import {
	applyJsonPatch,
	type KubeObject,
	mergeConfiguration,
	type ObjectType,
	StatusError,
} from "@berth/api";
import { type CelBudget, CelError, toJson } from "../../cel/cel.ts";
import type { Activation } from "./activation.ts";
import { atomicChanges } from "./atomic-changes.ts";
import type { CompiledMutation } from "./programs.ts";
import { PolicyFailure, runProgram } from "./run-program.ts";

/** `object` with the change; it may not be whole, or valid, any more. Throws PolicyFailure. */
export function mutate(
	mutation: CompiledMutation,
	object: KubeObject,
	{
		activation,
		budget,
		type,
	}: { readonly activation: Activation; readonly budget: CelBudget; readonly type: ObjectType },
): KubeObject {
	const made = asJson(mutation, activation, budget);
	if (mutation.patchType === "JSONPatch") return patched(object, made);
	if (!isRecord(made)) throw new PolicyFailure("ApplyConfiguration: the expression did not make an object");
	const fixed = ["apiVersion", "kind"].filter(
		(field) => field in made && made[field] !== object[field as "kind"],
	);
	if (fixed.length)
		throw new PolicyFailure(`invalid ApplyConfiguration: may not change ${fixed.join(" and ")}`);
	const replaced = atomicChanges(type, made);
	if (replaced.length) {
		throw new PolicyFailure(
			`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${replaced.join(", ")}`,
		);
	}
	return mergeConfiguration(type, object, made) as unknown as KubeObject;
}

function asJson(mutation: CompiledMutation, activation: Activation, budget: CelBudget): unknown {
	const value = runProgram(mutation, activation, budget);
	try {
		return toJson(value);
	} catch (error) {
		if (error instanceof CelError) throw new PolicyFailure(error.message);
		throw error;
	}
}

function patched(object: KubeObject, operations: unknown): KubeObject {
	try {
		return applyJsonPatch(object, operations) as KubeObject;
	} catch (error) {
		if (error instanceof StatusError) throw new PolicyFailure(`JSON Patch: ${error.message}`);
		throw error;
	}
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === "object" && value !== null && !Array.isArray(value);
