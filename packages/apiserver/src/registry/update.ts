/** PUT of an object, or of what a subresource shows of it. */
import { badRequest, type Draft, type KubeObject } from "@berth/api";
import { requireAllowed } from "../auth/require-allowed.ts";
import { decodeBody } from "./body.ts";
import { cacheOf, keyAt, nameOf, type RegistryContext, type Scope } from "./context.ts";
import { answerOf, type Creation, createObject, type Written } from "./create.ts";
import { editObject, uidMismatch } from "./edit.ts";
import { fieldManagerOf, ownersAfterUpdate, ownersOfNew } from "./field-owners.ts";
import { checkNamespace } from "./metadata.ts";
import type { Answer } from "./request.ts";
import type { Target } from "./target.ts";
import { writeOptions } from "./write-options.ts";

export async function update(context: RegistryContext, scope: Scope, target: Target): Promise<Answer> {
	const name = nameOf(scope);
	const options = writeOptions(scope.request.query, "UpdateOptions");
	const body = decodeBody(target.kind, scope.request, options.fieldValidation, context.kinds);
	checkName(scope, name, body);
	const { dryRun } = options;
	const manager = fieldManagerOf(scope, options.fieldManager, "Update");
	const { forms } = context.objects;
	const present = await forms.one(scope.kind, cacheOf(context, scope.kind).get(keyAt(scope, name)));
	const before = present?.object;
	if (!before && target.creates && scope.strategy.createOnUpdate) {
		const created = await createByPut(context, scope, name, body, {
			dryRun,
			owners: (made) => ownersOfNew(context, scope, manager, made),
		});
		return answerOf(scope.kind, 201, created, scope.kind.warnings?.(created.object));
	}
	// A body with a resourceVersion conflicts by itself; without one the last word wins, however often it must be said.
	const tries = Number.POSITIVE_INFINITY;
	const written = await editObject(context, scope, {
		target,
		name,
		change: () => body,
		owners: ownersAfterUpdate(context, scope, manager),
		dryRun,
		tries,
	});
	return answerEdit(scope, target, written, scope.kind.warnings?.(written.object, before));
}

/** Name and namespace in the body must be the path's, so that nothing is overwritten by mistake. Throws 400. */
export function checkName(scope: Scope, name: string, body: Draft<KubeObject>): void {
	checkNamespace(body, scope.namespace);
	const given = body.metadata?.name;
	if (!given) {
		throw badRequest(
			`the name of the object (${name} based on URL) was undeterminable: name must be provided`,
		);
	}
	if (given !== name) {
		throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
	}
}

/** Whoever makes an object by a PUT or PATCH must be allowed to make it. Throws 403. */
export function requireMayCreate(context: RegistryContext, scope: Scope, name: string): void {
	const { group, resource, namespace } = scope.request.info;
	requireAllowed(context.authorizer, scope.user, { verb: "create", group, resource, namespace, name });
}

async function createByPut(
	context: RegistryContext,
	scope: Scope,
	name: string,
	body: Draft<KubeObject>,
	creation: Creation,
) {
	const { uid, resourceVersion: _gone, ...metadata } = body.metadata ?? {};
	requireMayCreate(context, scope, name);
	if (uid) throw uidMismatch(scope, name, uid, "");
	return createObject(context, scope, { ...body, metadata }, creation);
}

/** What is stored, or where the target shows something else, that. */
export function answerEdit(
	scope: Scope,
	target: Target,
	written: Written,
	warnings: readonly string[] = [],
): Answer {
	if (target.kind === scope.kind) return answerOf(scope.kind, 200, written, warnings);
	return answerOf(target.kind, 200, { stored: false, object: target.view(written.object) }, warnings);
}
