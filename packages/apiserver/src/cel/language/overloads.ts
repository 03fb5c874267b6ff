/** Which overload a call means, by the types of its arguments. */
import { assign, type Bindings } from "./assignable.ts";
import type { Overload } from "./declarations.ts";
import { type CelType, ERROR, formatType } from "./types.ts";

/** What the overload's type parameters become with arguments of these types; undefined when it does not take them. */
export function matches(overload: Overload, types: readonly CelType[]): Bindings | undefined {
	if (overload.params.length !== types.length) return undefined;
	let bindings: Bindings | undefined = new Map();
	for (const [i, param] of overload.params.entries()) {
		bindings = bindings && assign(bindings, param, types[i] ?? ERROR);
	}
	return bindings;
}

/** Values of the type may turn out to be of more than one type. */
export function isOpen(type: CelType): boolean {
	switch (type.kind) {
		case "dyn":
		case "error":
			return true;
		case "list":
		case "optional":
			return isOpen(type.of);
		case "map":
			return isOpen(type.key) || isOpen(type.value);
		default:
			return false;
	}
}

export const sameType = (a: CelType, b: CelType): boolean => a === b || formatType(a) === formatType(b);
