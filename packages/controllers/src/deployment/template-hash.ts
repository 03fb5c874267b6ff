/** Names of a deployment's ReplicaSets: a short hash of the pod template. Pure. */
import { type PodTemplateSpec, SAFE_ALPHABET } from "@berth/api";

export const TEMPLATE_HASH = "pod-template-hash";

/** Stable over key order; `collisions` is how often the name was already taken by another template. */
export function templateHash(template: PodTemplateSpec, collisions: number): string {
	let hash = fnv1a(canonical(withoutHash(template)));
	if (collisions) hash = fnv1a(`${collisions}`, hash);
	return [...String(hash)].map((digit) => SAFE_ALPHABET[Number(digit) % SAFE_ALPHABET.length]).join("");
}

/** Two templates are the same when they differ in nothing but the hash label itself. */
export const sameTemplate = (a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean =>
	a !== undefined && b !== undefined && canonical(withoutHash(a)) === canonical(withoutHash(b));

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
	const { [TEMPLATE_HASH]: _, ...labels } = template.metadata?.labels ?? {};
	return { ...template, metadata: { ...template.metadata, labels } };
}

function canonical(value: unknown): string {
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
