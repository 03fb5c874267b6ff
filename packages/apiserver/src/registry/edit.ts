/** The loop behind every change of a stored object: read, change, check, compare-and-swap, again when somebody was faster. */
import {
	conflict,
	type Draft,
	deepEqual,
	invalid,
	invalidValue,
	type KubeObject,
	modified,
	notFound,
} from "@berth/api";
import type { Outside } from "../admission/admission.ts";
import type { Cached } from "../store/objects.ts";
import { admissionRequest, decoded } from "./admission-request.ts";
import { cacheOf, keyAt, type RegistryContext, type Scope } from "./context.ts";
import type { Written } from "./create.ts";
import { type Owners, ownersOf, withOwners } from "./field-owners.ts";
import { checkNamespace } from "./metadata.ts";
import type { Target } from "./target.ts";
import { refuseInvalid } from "./validation.ts";

export interface Edit {
	readonly target: Target;
	readonly name: string;
	/** The new body, from what the target shows of the stored object. */
	readonly change: (view: KubeObject, stored: KubeObject) => Draft<KubeObject> | Promise<Draft<KubeObject>>;
	/** Who owns which fields afterwards; without it fields keep their owners. */
	readonly owners?: Owners;
	readonly dryRun: boolean;
	/** Writes tried before a conflict is answered. */
	readonly tries: number;
	/** Admission has judged the body that asks for this change; the change itself is not its business. */
	readonly admitted?: true;
}

/** The object after the change. Throws 404 when there is none. */
export async function editObject(context: RegistryContext, scope: Scope, edit: Edit): Promise<Written> {
	const cache = cacheOf(context, scope.kind);
	for (let tries = 1; ; tries += 1) {
		const kept = cache.get(keyAt(scope, edit.name));
		const current = await context.objects.forms.one(scope.kind, kept);
		if (!current) throw notFound(scope.about, edit.name);
		const isOld = scope.kind.stored?.isOld?.(kept?.object ?? current.object) ?? false;
		const written = await tryEdit(context, scope, edit, current, isOld);
		if (written) return written;
		scope.signal.throwIfAborted();
		if (tries === edit.tries) throw modified(scope.about, edit.name);
		// The write lost to one that the cache may not have seen yet.
		await context.objects.fresh(scope.signal);
	}
}

/** Undefined when the object has changed since `current`. */
async function tryEdit(
	context: RegistryContext,
	scope: Scope,
	edit: Edit,
	current: Cached,
	isOld: boolean,
): Promise<Written | undefined> {
	const { kind } = scope;
	const { target, name, dryRun } = edit;
	const stored = current.object;
	const body = await edit.change(target.view(stored), stored);
	checkPreconditions(scope, target, body, stored);
	const outside: Outside = {
		kind: target.kind,
		view: target.view,
		complete: (view) => target.merge(decoded(target.kind, view), stored),
	};
	const merged = target.merge(body, stored);
	const owners = edit.owners?.({ body, stored, next: merged }) ?? ownersOf(context.objects.fieldSets, stored);
	const operation = "UPDATE";
	const admission = admissionRequest(scope, {
		operation,
		name,
		dryRun,
		outside,
		old: stored,
		object: merged,
	});
	const admitted = edit.admitted ? merged : ((await context.admission.admit(admission)) ?? merged);
	await using allocation = context.allocators.allocate(kind, withOwners(admitted, owners), stored);
	const next = allocation.object;
	refuseInvalid(target.kind, name, target.validate(next, stored));
	if (!edit.admitted) await context.admission.validate({ ...admission, object: next });
	const over = isOver(scope, next, stored);
	// A write that changes nothing brings an object that is kept in an old form up to date.
	if (!over && !isOld && deepEqual(next, stored)) return { stored: true, object: stored, cached: current };
	if (dryRun) return { stored: false, object: next };
	await allocation.claim();
	const cached = over
		? await context.objects.remove(kind, current.key, current.revision)
		: await context.objects.update(kind, next, current.revision);
	if (cached) allocation.keep();
	return cached && { stored: true, object: cached.object, cached };
}

/** uid, resourceVersion and namespace that a body gives must be the object's. Throws 400, 409 or 422. */
function checkPreconditions(scope: Scope, target: Target, body: Draft<KubeObject>, stored: KubeObject): void {
	const { uid, resourceVersion } = body.metadata ?? {};
	checkNamespace(body, scope.namespace);
	if (uid && uid !== stored.metadata.uid)
		throw uidMismatch(scope, stored.metadata.name, uid, stored.metadata.uid);
	if (resourceVersion && resourceVersion !== "0") {
		if (resourceVersion !== stored.metadata.resourceVersion)
			throw modified(scope.about, stored.metadata.name);
	} else if (scope.strategy.needsResourceVersion && target.kind === scope.kind) {
		const error = invalidValue("metadata.resourceVersion", 0, "must be specified for an update");
		throw invalid(scope.about, stored.metadata.name, [error]);
	}
}

export function uidMismatch(scope: Scope, name: string, wanted: string, found: string) {
	return conflict(
		scope.about,
		name,
		`Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`,
	);
}

/** The change took away what held a deleted object: it goes now. */
function isOver(scope: Scope, next: KubeObject, stored: KubeObject): boolean {
	if (!stored.metadata.deletionTimestamp) return false;
	if (next.metadata.finalizers?.length || scope.strategy.holds?.(next)) return false;
	return !stored.metadata.deletionGracePeriodSeconds;
}
