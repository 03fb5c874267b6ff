/** GET of one object. */
import { notFound } from "@berth/api";
import { cacheOf, keyAt, nameOf, type RegistryContext, type Scope } from "./context.ts";
import { parseRevision } from "./read-options.ts";
import type { Answer } from "./request.ts";

export async function get(context: RegistryContext, scope: Scope): Promise<Answer> {
	const name = nameOf(scope);
	await waitFor(context, scope, parseRevision(scope.request.query.get("resourceVersion")));
	const { forms } = context.objects;
	const cached = await forms.one(scope.kind, cacheOf(context, scope.kind).get(keyAt(scope, name)));
	if (!cached) throw notFound(scope.about, name);
	return { type: "object", code: 200, kind: scope.kind, cached };
}

/** Undefined: the newest state; 0: any; else at least that revision. */
export async function waitFor(
	context: RegistryContext,
	scope: Scope,
	revision: number | undefined,
): Promise<void> {
	if (revision === undefined) await context.objects.fresh(scope.signal);
	else if (revision > 0) await context.objects.reached(revision, scope.signal);
}
