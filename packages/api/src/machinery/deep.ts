/** Whole JSON values: equality, freezing, looking inside by path. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object: neither a list nor null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** Equality of JSON values. A field that is `undefined` equals an absent one; the order of keys does not matter. */
export function deepEqual(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
	if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameList(a, b);
	return sameFields(a as JsonObject, b as JsonObject);
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
	return a.length === b.length && a.every((element, index) => deepEqual(element, b[index]));
}

function sameFields(a: JsonObject, b: JsonObject): boolean {
	for (const [key, value] of Object.entries(a)) {
		if (value === undefined ? own(b, key) !== undefined : !deepEqual(value, own(b, key))) return false;
	}
	for (const [key, value] of Object.entries(b)) {
		if (value !== undefined && own(a, key) === undefined) return false;
	}
	return true;
}

/** Freezes a JSON value with everything in it, and returns it. What is frozen already is taken to be so all through. */
export function deepFreeze<T>(value: T): T {
	if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
	Object.freeze(value);
	for (const inner of Object.values(value)) deepFreeze(inner);
	return value;
}

/**
 * The value at a dotted path: `spec.replicas`, `.spec.selector`, `spec.ports[0].port`. Undefined when any part of the
 * way is missing. Only own fields count.
 */
export function getPath(object: unknown, path: string): unknown {
	let at = object;
	for (const part of path.replace(/\[(\d+)\]/g, ".$1").split(".")) {
		if (part === "") continue;
		if (typeof at !== "object" || at === null) return undefined;
		at = own(at as JsonObject, part);
	}
	return at;
}

/** An own field, so that `constructor` or `__proto__` in a body never reaches the prototype. */
export const own = (object: JsonObject, key: string): unknown =>
	Object.hasOwn(object, key) ? object[key] : undefined;
