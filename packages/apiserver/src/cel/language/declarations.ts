/** What an environment declares: functions with their overloads. */
import type { Meter } from "../runtime/budget.ts";
import type { CelValue } from "../runtime/values.ts";
import type { CelType } from "./types.ts";

/** One way to call a function. */
export interface Overload {
	/** Called as `receiver.name(…)`; the receiver is the first parameter. */
	readonly member: boolean;
	readonly params: readonly CelType[];
	readonly result: CelType;
	/** Throws CelError. What it costs beyond one unit it spends from the meter. */
	readonly call: (args: readonly CelValue[], meter: Meter) => CelValue;
	/**
	 * What can be done once when the program is made: given the arguments that are literals (undefined for others), a
	 * quicker `call`. Throws CelError for a literal that can never do: the program is then refused.
	 */
	readonly prepare?:
		| ((literals: readonly (CelValue | undefined)[]) => Overload["call"] | undefined)
		| undefined;
}

/** Overloads by function name. Names with dots are functions of a namespace: `math.greatest`. */
export type Functions = ReadonlyMap<string, readonly Overload[]>;

export interface Declared {
	readonly name: string;
	readonly overload: Overload;
}

/** `name(…)`. */
export const fn = (
	name: string,
	params: readonly CelType[],
	result: CelType,
	call: Overload["call"],
	prepare?: Overload["prepare"],
): Declared => ({ name, overload: { member: false, params, result, call, prepare } });

/** `receiver.name(…)`. */
export const method = (
	name: string,
	params: readonly CelType[],
	result: CelType,
	call: Overload["call"],
	prepare?: Overload["prepare"],
): Declared => ({ name, overload: { member: true, params, result, call, prepare } });

export function functionsOf(declared: readonly Declared[]): Functions {
	const functions = new Map<string, Overload[]>();
	for (const { name, overload } of declared) {
		const overloads = functions.get(name);
		if (overloads) overloads.push(overload);
		else functions.set(name, [overload]);
	}
	return functions;
}
