/** JSON merge patch, RFC 7386. */

/** The patched document. Null deletes, objects merge, everything else replaces. Neither argument is touched. */
export function applyMergePatch(doc: unknown, patch: unknown): unknown {
	if (!isRecord(patch)) return patch;
	const merged = new Map(isRecord(doc) ? Object.entries(doc) : []);
	for (const [key, value] of Object.entries(patch)) {
		if (value === null || value === undefined) merged.delete(key);
		else merged.set(key, applyMergePatch(merged.get(key), value));
	}
	return Object.fromEntries(merged);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === "object" && value !== null && !Array.isArray(value);
