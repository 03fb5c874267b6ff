/** Whether a value of one type may stand where another is asked for, and what a function's type parameters become then. */
import { type CelType, DYN, listOf, mapOf, optionalOf, typeOf } from "./types.ts";

/** What each type parameter stands for so far. */
export type Bindings = ReadonlyMap<string, CelType>;

/** The bindings that make `from` fit `to`; undefined when nothing does. */
export function assign(bindings: Bindings, to: CelType, from: CelType): Bindings | undefined {
	if (to.kind === "parameter") return assignParameter(bindings, to.name, from);
	if (to.kind === "dyn" || from.kind === "dyn" || from.kind === "error" || to.kind === "error")
		return bindings;
	if (from.kind === "parameter") return assignParameter(bindings, from.name, to);
	if (to.kind === "object" || to.kind === "opaque") {
		if (from.kind === "null") return bindings;
		return from.kind === to.kind && from.name === to.name ? bindings : undefined;
	}
	if (from.kind === "null" && (to.kind === "timestamp" || to.kind === "duration")) return bindings;
	if (to.kind !== from.kind) return undefined;
	switch (to.kind) {
		case "list":
			return from.kind === "list" ? assign(bindings, to.of, from.of) : undefined;
		case "optional":
			return from.kind === "optional" ? assign(bindings, to.of, from.of) : undefined;
		case "type":
			return bindings;
		case "map": {
			if (from.kind !== "map") return undefined;
			const keys = assign(bindings, to.key, from.key);
			return keys && assign(keys, to.value, from.value);
		}
		default:
			return bindings;
	}
}

function assignParameter(bindings: Bindings, name: string, type: CelType): Bindings | undefined {
	if (type.kind === "parameter" && type.name === name) return bindings;
	const bound = bindings.get(name);
	if (!bound) return mentions(type, name) ? undefined : new Map(bindings).set(name, type);
	// The wider of the two stays: a list of dyn with an int looked for in it.
	if (type.kind === "dyn" || type.kind === "error")
		return bound.kind === "dyn" ? bindings : new Map(bindings).set(name, DYN);
	const one = assign(bindings, bound, type);
	if (one) return one;
	const other = assign(bindings, type, bound);
	return other && new Map(other).set(name, type);
}

function mentions(type: CelType, name: string): boolean {
	switch (type.kind) {
		case "parameter":
			return type.name === name;
		case "list":
		case "optional":
		case "type":
			return mentions(type.of, name);
		case "map":
			return mentions(type.key, name) || mentions(type.value, name);
		default:
			return false;
	}
}

/** The type with its parameters replaced; those that nothing is known of become dyn. */
export function substitute(bindings: Bindings, type: CelType): CelType {
	switch (type.kind) {
		case "parameter": {
			const bound = bindings.get(type.name);
			return bound ? substitute(bindings, bound) : DYN;
		}
		case "list":
			return listOf(substitute(bindings, type.of), type.max);
		case "optional":
			return optionalOf(substitute(bindings, type.of));
		case "type":
			return typeOf(substitute(bindings, type.of));
		case "map":
			return mapOf(substitute(bindings, type.key), substitute(bindings, type.value), type.max);
		default:
			return type;
	}
}

const NOTHING: Bindings = new Map();

export const isAssignable = (to: CelType, from: CelType): boolean => assign(NOTHING, to, from) !== undefined;

/** The type of a list or map literal whose elements have these types: theirs when they agree, else dyn. */
export function joinTypes(types: readonly CelType[]): CelType {
	const [first = DYN, ...rest] = types;
	let joined = first;
	for (const type of rest) {
		if (isAssignable(joined, type) && joined.kind !== "null") continue;
		if (!isAssignable(type, joined)) return DYN;
		joined = type;
	}
	return joined;
}
