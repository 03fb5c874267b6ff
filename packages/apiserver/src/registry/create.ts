/** POST of a new object. */
import {
	type AnyKind,
	alreadyExists,
	applyDefaults,
	badRequest,
	type Draft,
	type KubeObject,
	type Ownership,
	StatusError,
} from "@berth/api";
import type { Outside } from "../admission/admission.ts";
import type { Cached } from "../store/objects.ts";
import { admissionRequest, decoded } from "./admission-request.ts";
import { decodeBody } from "./body.ts";
import { cacheOf, keyAt, type RegistryContext, type Scope } from "./context.ts";
import { fieldManagerOf, ownersOfNew, withOwners } from "./field-owners.ts";
import { checkNamespace, generateName, stamp } from "./metadata.ts";
import type { Answer } from "./request.ts";
import { refuseInvalid, validateNew } from "./validation.ts";
import { writeOptions } from "./write-options.ts";

/** Tries to find a name that is not taken yet, for objects with generateName. */
const NAME_TRIES = 8;

export async function create(context: RegistryContext, scope: Scope): Promise<Answer> {
	const options = writeOptions(scope.request.query, "CreateOptions");
	const draft = decodeBody(scope.kind, scope.request, options.fieldValidation, context.kinds);
	const manager = fieldManagerOf(scope, options.fieldManager, "Update");
	const created = await createObject(context, scope, draft, {
		dryRun: options.dryRun,
		owners: (made) => ownersOfNew(context, scope, manager, made),
	});
	return answerOf(scope.kind, 201, created, scope.kind.warnings?.(created.object));
}

/** What a write has made: stored, or in a dry run only computed. */
export type Written =
	| { readonly stored: true; readonly object: KubeObject; readonly cached: Cached }
	| { readonly stored: false; readonly object: KubeObject };

export function answerOf(
	kind: AnyKind,
	code: 200 | 201 | 202,
	written: Written,
	warnings: readonly string[] = [],
): Answer {
	const extra = warnings.length ? { warnings } : {};
	return written.stored
		? { type: "object", code, kind, cached: written.cached, ...extra }
		: { type: "value", code, kind, value: written.object, ...extra };
}

export interface Creation {
	readonly dryRun: boolean;
	/** Who owns the fields of what is made, before admission has seen it. */
	readonly owners: (made: KubeObject) => readonly Ownership[];
}

/** Defaults, admission, validation, allocation and the write; also behind a PUT that creates. */
export async function createObject(
	context: RegistryContext,
	scope: Scope,
	draft: Draft<KubeObject>,
	{ dryRun, owners }: Creation,
): Promise<Written> {
	checkNamespace(draft, scope.namespace);
	if (draft.metadata?.resourceVersion) {
		throw badRequest("resourceVersion should not be set on objects to be created");
	}
	const prefix = draft.metadata?.name ? "" : (draft.metadata?.generateName ?? "");
	for (let tries = 1; ; tries += 1) {
		const name = prefix ? generateName(prefix, context.random) : (draft.metadata?.name ?? "");
		const written = await tryCreate(context, scope, draft, name, { dryRun, owners });
		if (written) return written;
		if (!prefix) throw taken(context, scope, name);
		if (tries === NAME_TRIES) throw noUniqueName(scope, name);
	}
}

/** Undefined when the name is taken. */
async function tryCreate(
	context: RegistryContext,
	scope: Scope,
	draft: Draft<KubeObject>,
	name: string,
	{ dryRun, owners }: Creation,
): Promise<Written | undefined> {
	const { kind, namespace } = scope;
	const identity = { kind, namespace, name, uid: crypto.randomUUID(), now: context.clock.now() };
	const complete = (body: Draft<KubeObject>) =>
		withDefaults(kind, withoutStatus(scope, stamp(body, identity)));
	const outside: Outside = {
		kind,
		view: (object) => object,
		complete: (view) => complete(decoded(kind, view)),
	};
	const made = complete(draft);
	const admission = admissionRequest(scope, { operation: "CREATE", name, dryRun, outside, object: made });
	const admitted = (await context.admission.admit(admission)) ?? made;
	const owned = withOwners(admitted, owners(made));
	const signed = scope.strategy.stampMaker?.(owned, scope.user) ?? owned;
	await using allocation = context.allocators.allocate(
		kind,
		kind.prepareCreate?.(signed) ?? signed,
		undefined,
	);
	const { object } = allocation;
	refuseInvalid(kind, name, validateNew(kind, object));
	await context.admission.validate({ ...admission, object });
	if (dryRun) {
		return cacheOf(context, kind).get(keyAt(scope, name))
			? undefined
			: { stored: false, object: unstored(object) };
	}
	await allocation.claim();
	const cached = await context.objects.create(kind, object);
	if (cached) allocation.keep();
	return cached && { stored: true, object: cached.object, cached };
}

/** A dry run has no revision. */
function unstored(object: KubeObject): KubeObject {
	const { resourceVersion: _, ...metadata } = object.metadata;
	return { ...object, metadata: metadata as KubeObject["metadata"] };
}

/** The schema's defaults, then those that look at other fields. */
export function withDefaults(kind: AnyKind, object: KubeObject): KubeObject {
	const filled = applyDefaults(kind.schema, object) as KubeObject;
	return kind.defaults?.(filled) ?? filled;
}

/** What becomes of an object is not its maker's to say. */
function withoutStatus({ kind, strategy }: Scope, object: KubeObject): KubeObject {
	if (!kind.hasStatus || strategy.keepsStatus) return object;
	const { status: _status, ...rest } = object as KubeObject & { status?: unknown };
	return rest;
}

function taken(context: RegistryContext, scope: Scope, name: string): StatusError {
	const error = alreadyExists(scope.about, name);
	const existing = cacheOf(context, scope.kind).get(keyAt(scope, name));
	if (!existing?.object.metadata.deletionTimestamp) return error;
	return new StatusError({ ...error.status, message: `object is being deleted: ${error.message}` });
}

function noUniqueName(scope: Scope, name: string): StatusError {
	const error = alreadyExists(scope.about, name);
	return new StatusError({
		...error.status,
		message: `${error.message}, the server was not able to generate a unique name for the object`,
		details: { ...error.status.details, retryAfterSeconds: 1 },
	});
}
