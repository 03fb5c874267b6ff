/** A policy's expressions as programs. One that does not compile is kept as its error, and fails when it is run. */
import type {
	MatchCondition,
	MutatingAdmissionPolicySpec,
	ValidatingAdmissionPolicySpec,
	Variable,
} from "@berth/api";
import {
	CelCompileError,
	type CelEnvironment,
	type CelProgram,
	type CelType,
	celTypes,
	compileCel,
} from "../../cel/cel.ts";
import { type PolicyScope, policyEnvironment } from "./environment.ts";
import { MUTATION_RESULTS, mutationTypes } from "./mutation-types.ts";

export type Program = CelProgram | CelCompileError;

/** An expression, where in the object it stands, and what became of it. */
export interface Compiled {
	readonly path: string;
	readonly expression: string;
	readonly program: Program;
}

export interface CompiledVariable extends Compiled {
	readonly name: string;
}

export interface CompiledCondition extends Compiled {
	readonly name: string;
}

export interface CompiledValidation extends Compiled {
	readonly message: string | undefined;
	readonly reason: string | undefined;
	readonly messageExpression: Compiled | undefined;
}

export interface CompiledAnnotation extends Compiled {
	readonly key: string;
}

export interface CompiledMutation extends Compiled {
	readonly patchType: "ApplyConfiguration" | "JSONPatch";
}

export interface Programs {
	readonly variables: readonly CompiledVariable[];
	/** Types of the variables by name. */
	readonly types: Readonly<Record<string, CelType>>;
	readonly conditions: readonly CompiledCondition[];
	readonly validations: readonly CompiledValidation[];
	readonly annotations: readonly CompiledAnnotation[];
	readonly mutations: readonly CompiledMutation[];
}

const { BOOL, DYN, NULL, STRING } = celTypes;

export function compileExpression(expression: string, environment: CelEnvironment): Program {
	try {
		return compileCel(expression, environment);
	} catch (error) {
		if (error instanceof CelCompileError) return error;
		throw error;
	}
}

type Spec = Partial<ValidatingAdmissionPolicySpec & Pick<MutatingAdmissionPolicySpec, "mutations">>;

/** `known`: types of the objects and parameters, where they are to be checked. */
export function compilePolicy(spec: Spec, known: Pick<PolicyScope, "object" | "params"> = {}): Programs {
	const base = { ...known, hasParams: Boolean(spec.paramKind) };
	const { variables, types } = compileVariables(spec.variables ?? [], base);
	const scope = { ...base, variables: types };
	const compile = (path: string, expression: string, results: readonly CelType[]): Compiled => ({
		path,
		expression,
		program: compileExpression(expression, policyEnvironment(scope, { results })),
	});
	return {
		variables,
		types,
		conditions: compileConditions(spec.matchConditions ?? [], policyEnvironment(scope, { results: [BOOL] })),
		validations: (spec.validations ?? []).map((validation, index) => {
			const path = `spec.validations[${index}]`;
			const { expression, messageExpression } = validation;
			return {
				...compile(`${path}.expression`, expression, [BOOL]),
				message: validation.message?.trim() || undefined,
				reason: validation.reason || undefined,
				messageExpression: messageExpression
					? compile(`${path}.messageExpression`, messageExpression, [STRING])
					: undefined,
			};
		}),
		annotations: (spec.auditAnnotations ?? []).map(({ key, valueExpression }, index) => ({
			...compile(`spec.auditAnnotations[${index}].valueExpression`, valueExpression, [STRING, NULL]),
			key,
		})),
		mutations: (spec.mutations ?? []).flatMap(({ patchType, applyConfiguration, jsonPatch }, index) => {
			if (patchType !== "ApplyConfiguration" && patchType !== "JSONPatch") return [];
			const [name, configuration] =
				patchType === "JSONPatch" ? ["jsonPatch", jsonPatch] : ["applyConfiguration", applyConfiguration];
			const expression = configuration?.expression ?? "";
			const rest = { types: mutationTypes, results: [MUTATION_RESULTS[patchType]] };
			const program = compileExpression(expression, policyEnvironment(scope, rest));
			return [{ path: `spec.mutations[${index}].${name}.expression`, expression, program, patchType }];
		}),
	};
}

export const compileConditions = (
	conditions: readonly MatchCondition[],
	environment: CelEnvironment,
	path = "spec.matchConditions",
): readonly CompiledCondition[] =>
	conditions.map(({ name, expression }, index) => ({
		name,
		path: `${path}[${index}].expression`,
		expression,
		program: compileExpression(expression, environment),
	}));

/** Each knows those before it. */
function compileVariables(variables: readonly Variable[], scope: PolicyScope) {
	const types: Record<string, CelType> = {};
	const compiled = variables.map(({ name, expression }, index) => {
		const environment = policyEnvironment({ ...scope, variables: { ...types } }, { types: mutationTypes });
		const program = compileExpression(expression, environment);
		types[name] = program instanceof Error ? DYN : program.type;
		return { name, path: `spec.variables[${index}].expression`, expression, program };
	});
	return { variables: compiled, types };
}

/** Every expression of a policy, in the order of its fields. */
export const allPrograms = (programs: Programs): readonly Compiled[] => [
	...programs.variables,
	...programs.conditions,
	...programs.validations.flatMap((validation) =>
		validation.messageExpression ? [validation, validation.messageExpression] : [validation],
	),
	...programs.annotations,
	...programs.mutations,
];
