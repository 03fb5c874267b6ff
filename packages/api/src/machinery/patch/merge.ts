/** JSON merge patch, RFC 7386. */
import { isJsonObject } from "../deep.ts";

/** The patched document. Null deletes, objects merge, everything else replaces. Neither argument is touched. */
export function applyMergePatch(doc: unknown, patch: unknown): unknown {
	if (!isJsonObject(patch)) return patch;
	const merged = new Map(isJsonObject(doc) ? Object.entries(doc) : []);
	for (const [key, value] of Object.entries(patch)) {
		if (value === null || value === undefined) merged.delete(key);
		else merged.set(key, applyMergePatch(merged.get(key), value));
	}
	return Object.fromEntries(merged);
}
