/** Names of places in an object: of fields, of elements in lists, and how messages write them. */
import { isJsonObject, own } from "../deep.ts";
import { isObjectType, type Type } from "../schema.ts";

/** Makes the element of a field or of a map's entry. */
export const fieldElement = (name: string): string => `f:${name}`;

/** Makes the element of a value in a set; undefined for what cannot be in one. */
export function valueElement(value: unknown): string | undefined {
	if (typeof value === "object" || value === undefined) return undefined;
	return `v:${JSON.stringify(value)}`;
}

/**
 * Makes the element of an object in a list with keys, `k:{"containerPort":80,"protocol":"TCP"}`: the keys sorted, and where
 * the object does not give one, its declared default. Undefined when there is no key at all, or it is no scalar.
 */
export function keyElement(keys: readonly string[], of: Type, item: unknown): string | undefined {
	if (!isJsonObject(item)) return undefined;
	const sorted = keys.length > 1 ? keys.toSorted() : keys;
	let text = "";
	for (const key of sorted) {
		const value = own(item, key) ?? defaultOf(of, key);
		if (value === undefined || value === null) continue;
		if (typeof value === "object") return undefined;
		text += `${text ? "," : ""}${JSON.stringify(key)}:${JSON.stringify(value)}`;
	}
	return text ? `k:{${text}}` : undefined;
}

/** A path as messages write it: `.spec.containers[name="web"].image`, `.metadata.finalizers[="a"]`. */
export const pathText = (path: readonly string[]): string => path.map(elementText).join("");

/** True for `f:…`, `k:{…}` with scalars, `v:…` and `i:…` whose text is JSON. */
export function isPathElement(element: string): boolean {
	if (element.startsWith("f:")) return true;
	const value = parsed(element);
	if (value === undefined) return false;
	if (element.startsWith("k:")) return isJsonObject(value) && Object.keys(value).length > 0;
	if (element.startsWith("i:")) return Number.isInteger(value);
	return element.startsWith("v:");
}

function elementText(element: string): string {
	const text = element.slice(2);
	if (element.startsWith("f:")) return `.${text}`;
	if (element.startsWith("v:")) return `[=${text}]`;
	const value = parsed(element);
	if (!isJsonObject(value)) return `[${text}]`;
	const keys = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return `[${keys.map(([key, inner]) => `${key}=${JSON.stringify(inner)}`).join(",")}]`;
}

/** The value that the text after the prefix says; undefined when it is no JSON. */
function parsed(element: string): unknown {
	try {
		return JSON.parse(element.slice(2)) as unknown;
	} catch {
		return undefined;
	}
}

function defaultOf(of: Type, key: string): unknown {
	if (!isObjectType(of)) return undefined;
	const fields = of.fields();
	return Object.hasOwn(fields, key) ? fields[key]?.default : undefined;
}
