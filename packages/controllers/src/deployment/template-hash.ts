/** Names of a deployment's ReplicaSets: a short hash of the pod template. Pure. */
import type { PodTemplateSpec } from "@berth/api";
import { canonical, shortHash } from "../pods/short-hash.ts";

export const TEMPLATE_HASH = "pod-template-hash";

/** Stable over key order; `collisions` is how often the name was already taken by another template. */
export const templateHash = (template: PodTemplateSpec, collisions: number): string =>
	shortHash(withoutHash(template), collisions);

/** Two templates are the same when they differ in nothing but the hash label itself. */
export const sameTemplate = (a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean =>
	a !== undefined && b !== undefined && canonical(withoutHash(a)) === canonical(withoutHash(b));

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
	const { [TEMPLATE_HASH]: _, ...labels } = template.metadata?.labels ?? {};
	return { ...template, metadata: { ...template.metadata, labels } };
}
