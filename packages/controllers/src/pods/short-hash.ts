/** Short names of JSON values, for what is named by what it holds. Pure. */
import { SAFE_ALPHABET } from "@berth/api";

/** Up to ten safe characters, whatever the order of keys; `collisions` is how often the name was already taken. */
export function shortHash(value: unknown, collisions: number): string {
	let hash = fnv1a(canonical(value));
	if (collisions) hash = fnv1a(`${collisions}`, hash);
	return [...String(hash)].map((digit) => SAFE_ALPHABET[Number(digit) % SAFE_ALPHABET.length]).join("");
}

/** JSON with its keys in order: the same text for the same value. */
export function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
	if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
	const entries = Object.entries(value).filter(([, member]) => member !== undefined);
	entries.sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}

/** FNV-1a, 32 bits. */
function fnv1a(text: string, start = 0x811c9dc5): number {
	let hash = start;
	for (let i = 0; i < text.length; i += 1) {
		hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
	}
	return hash;
}
