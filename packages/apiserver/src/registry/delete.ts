/** DELETE of one object. */
import { conflict, type DeleteOptions, type KubeObject, notFound, type Status } from "@berth/api";
import type { Cached } from "../store/objects.ts";
import { admissionRequest, deleteOptionsOf } from "./admission-request.ts";
import { cacheOf, keyAt, kindOf, nameOf, type RegistryContext, type Scope } from "./context.ts";
import { deleteOptions } from "./delete-options.ts";
import { planDeletion } from "./deletion.ts";
import type { Answer } from "./request.ts";

export async function remove(context: RegistryContext, scope: Scope): Promise<Answer> {
	const name = nameOf(scope);
	const options = deleteOptions(scope.request);
	const deleted = await deleteObject(context, scope, name, options);
	warnOfDependents(scope, options);
	if (deleted.gone && !scope.strategy.answersDeleted) {
		return { type: "value", code: 200, value: successOf(scope, deleted.object) };
	}
	return {
		type: "value",
		code: !deleted.gone && wantsAccepted(options) ? 202 : 200,
		kind: scope.kind,
		value: deleted.object,
	};
}

export function warnOfDependents(scope: Scope, { propagationPolicy, orphanDependents }: DeleteOptions): void {
	const isSaid = (propagationPolicy ?? null) !== null || (orphanDependents ?? null) !== null;
	if (scope.kind.deleteWarning && !isSaid) scope.request.warn?.(scope.kind.deleteWarning);
}

export interface Deleted {
	/** False: the object stays until its grace is over or its finalizers are done. */
	readonly gone: boolean;
	readonly object: KubeObject;
}

/**
 * Throws 404 when there is no such object, 409 when a precondition fails. `admitted`: admission has judged the body that
 * asks for this (an Eviction), the deletion itself is not its business.
 */
export async function deleteObject(
	context: RegistryContext,
	scope: Scope,
	name: string,
	options: DeleteOptions & { readonly admitted?: true },
): Promise<Deleted> {
	for (;;) {
		const { forms } = context.objects;
		const current = await forms.one(scope.kind, cacheOf(context, scope.kind).get(keyAt(scope, name)));
		if (!current) throw notFound(scope.about, name);
		const deleted = await tryDelete(context, scope, current, options);
		if (deleted) return deleted;
		scope.signal.throwIfAborted();
		// Somebody else wrote first, and the cache may not have seen it yet.
		await context.objects.fresh(scope.signal);
	}
}

/** Undefined when the object has changed since `current`. */
async function tryDelete(
	context: RegistryContext,
	scope: Scope,
	current: Cached,
	{ admitted, ...options }: DeleteOptions & { readonly admitted?: true },
): Promise<Deleted | undefined> {
	const { kind, strategy } = scope;
	const { name } = current.object.metadata;
	const dryRun = (options.dryRun?.length ?? 0) > 0;
	checkPreconditions(scope, current.object, options);
	if (!admitted) {
		const admission = admissionRequest(scope, {
			operation: "DELETE",
			name,
			dryRun,
			old: current.object,
			options: () => deleteOptionsOf(options),
		});
		await context.admission.admit(admission);
		await context.admission.validate(admission);
	}
	const plan = planDeletion(current.object, {
		strategy,
		options,
		defaultPropagation: kind.defaultPropagation ?? "Background",
		now: context.clock.now(),
	});
	if (plan.action === "wait") return { gone: false, object: current.object };
	if (plan.action === "keep") {
		if (dryRun) return { gone: false, object: plan.object };
		const cached = await context.objects.update(kind, plan.object, current.revision);
		return cached && { gone: false, object: cached.object };
	}
	if (dryRun) return { gone: true, object: current.object };
	const cached = await context.objects.remove(kind, current.key, current.revision);
	return cached && { gone: true, object: cached.object };
}

/** Throws 409 when the object is not the one that the options mean. */
export function checkPreconditions(scope: Scope, object: KubeObject, { preconditions }: DeleteOptions): void {
	const { name, uid, resourceVersion } = object.metadata;
	if (preconditions?.uid && preconditions.uid !== uid) {
		throw conflict(
			kindOf(scope.kind),
			name,
			`the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
		);
	}
	if (preconditions?.resourceVersion && preconditions.resourceVersion !== resourceVersion) {
		throw conflict(
			kindOf(scope.kind),
			name,
			`the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
		);
	}
}

/** Only callers that spell out what happens to dependents learn by the code that the object is still there. */
const wantsAccepted = ({ orphanDependents, propagationPolicy }: DeleteOptions): boolean =>
	orphanDependents === false || propagationPolicy === "Foreground";

function successOf(scope: Scope, { metadata }: KubeObject): Status {
	const { group, plural } = scope.kind;
	return {
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Success",
		details: { name: metadata.name, ...(group ? { group } : {}), kind: plural, uid: metadata.uid },
	};
}
