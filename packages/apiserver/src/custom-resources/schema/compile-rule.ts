/** One rule of a schema as a program; compiled at its first use, so that large definitions are accepted at once. */
import type { JsonSchema, ValidationRule } from "@berth/api";
import {
	type CelBudget,
	CelError,
	type CelProgram,
	type CelType,
	celTypes,
	compileCel,
} from "../../cel/cel.ts";
import { adapt } from "../../cel/runtime/adapt.ts";
import { NONE, OptionalValue } from "../../cel/runtime/values.ts";
import { celTypeOf } from "./cel-types.ts";

export interface CompiledRule {
	readonly source: ValidationRule;
	/** It compares with what was there before. Throws CelCompileError. */
	readonly isTransition: boolean;
	/** It is also run where nothing was there before. */
	readonly takesNoOld: boolean;
	/** Throws CelCompileError, CelError, CelCostError. */
	passes(value: unknown, old: unknown, budget: CelBudget): boolean;
	/** What the rule's own expression has to say; undefined when it has nothing to say. */
	message(value: unknown, old: unknown, budget: CelBudget): string | undefined;
	/** Compiles the rule, and answers what running it once costs at most. Throws CelCompileError. */
	compile(): number;
	/** The same for the expression of the message. */
	compileMessage(): number;
}

const MAX_MESSAGE = 5 * 1024;

/** `name` is that of the type of `self`. */
export function compileRule(
	source: ValidationRule,
	schema: JsonSchema,
	name: string,
	isRoot: boolean,
): CompiledRule {
	const takesNoOld = source.optionalOldSelf ?? false;
	let type: CelType | undefined;
	const compile = (expression: string, result: CelType): CelProgram => {
		type ??= celTypeOf(schema, name, isRoot);
		const oldSelf = takesNoOld ? celTypes.optionalOf(type) : type;
		return compileCel(expression, { variables: { self: type, oldSelf }, results: [result] });
	};
	let rule: CelProgram | undefined;
	let text: CelProgram | undefined;
	const program = () => {
		rule ??= compile(source.rule, celTypes.BOOL);
		return rule;
	};
	const messageProgram = () => {
		text ??= compile(source.messageExpression ?? "", celTypes.STRING);
		return text;
	};
	const variables = (value: unknown, old: unknown) => {
		if (!takesNoOld) return { self: value, ...(old === undefined ? {} : { oldSelf: old }) };
		type ??= celTypeOf(schema, name, isRoot);
		return {
			self: value,
			oldSelf: old === undefined || old === null ? NONE : new OptionalValue(adapt(old, type)),
		};
	};
	return {
		source,
		takesNoOld,
		get isTransition() {
			return program().uses.has("oldSelf");
		},
		passes: (value, old, budget) => program().evaluate(variables(value, old), budget) === true,
		message: (value, old, budget) => {
			if (!source.messageExpression) return undefined;
			try {
				const made = messageProgram().evaluate(variables(value, old), budget);
				if (typeof made !== "string" || made.length > MAX_MESSAGE) return undefined;
				return made.trim() === "" || /[\r\n]/.test(made) ? undefined : made.trim();
			} catch (error) {
				// A message that cannot be made is replaced by the fixed one.
				if (error instanceof CelError) return undefined;
				throw error;
			}
		},
		compile: () => program().worstCost(),
		compileMessage: () => messageProgram().worstCost(),
	};
}
