/** The directives of strategic merge patches, and taking them out again. */
import { isJsonObject } from "../deep.ts";

export const PATCH = "$patch";
export const RETAIN_KEYS = "$retainKeys";
export const ORDER_PREFIX = "$setElementOrder/";
export const DELETE_PREFIX = "$deleteFromPrimitiveList/";

/**
 * A value that meets nothing to merge with, as it shall be stored: without nulls and directives. Undefined for what is
 * to be deleted; elements that only say `$patch: replace` of their list go too.
 */
export function withoutDirectives(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value
			.filter((element) => !isJsonObject(element) || element[PATCH] !== "replace")
			.map(withoutDirectives)
			.filter((element) => element !== undefined);
	}
	if (!isJsonObject(value)) return value;
	if (value[PATCH] === "delete") return undefined;
	const kept = Object.entries(value)
		.filter(([key, inner]) => inner !== null && inner !== undefined && !isDirectiveKey(key))
		.map(([key, inner]) => [key, withoutDirectives(inner)] as const)
		.filter(([, inner]) => inner !== undefined);
	return Object.fromEntries(kept);
}

const isDirectiveKey = (key: string) =>
	key === PATCH || key === RETAIN_KEYS || key.startsWith(ORDER_PREFIX) || key.startsWith(DELETE_PREFIX);

const MAX_TEXT = 1000;

/** A value as Go prints it: `map[a:1 b:[x y]]`, cut where it gets long. */
export function goText(value: unknown): string {
	const text = unbounded(value);
	return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text;
}

function unbounded(value: unknown): string {
	if (value === null || value === undefined) return "<nil>";
	if (Array.isArray(value)) return `[${value.map(unbounded).join(" ")}]`;
	if (!isJsonObject(value)) return String(value);
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return `map[${entries.map(([key, inner]) => `${key}:${unbounded(inner)}`).join(" ")}]`;
}
