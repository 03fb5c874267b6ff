/** `metadata.managedFields`: who owns the fields of an object after a write. */
import {
	type AnyKind,
	type Changes,
	clearsOwnership,
	compareObjects,
	type Draft,
	type FieldManager,
	type FieldSetPool,
	type FieldWrite,
	formatTime,
	type KubeObject,
	type Ownership,
	ownAfterUpdate,
	readOwnership,
	type Unowned,
} from "@berth/api";
import type { RegistryContext, Scope } from "./context.ts";

/** One change of a stored object, before admission has seen it. */
export interface OwnedChange {
	readonly body: Draft<KubeObject>;
	readonly stored: KubeObject;
	readonly next: KubeObject;
}

/** Who owns what after a change. Throws 409 when others own what it changes and it is not forced. */
export type Owners = (change: OwnedChange) => readonly Ownership[];

/** Whoever writes: `fieldManager` of the options, else the program that the client says it is. */
export function fieldManagerOf(
	scope: Scope,
	manager: string,
	operation: FieldManager["operation"],
): FieldManager {
	return {
		manager: manager || programOf(scope.request.agent ?? "") || UNKNOWN,
		operation,
		apiVersion: scope.kind.apiVersion,
		subresource: scope.request.info.subresource ?? "",
	};
}

export const ownersOfNew = (
	context: RegistryContext,
	scope: Scope,
	manager: FieldManager,
	made: KubeObject,
) =>
	ownAfterUpdate(
		[],
		fieldWrite(context, manager, compareObjects(scope.kind.schema, undefined, made, unownedOf(scope.kind))),
	);

/** For updates and patches that are no applications. Bodies may carry entries of their own, and clear them all. */
export function ownersAfterUpdate(context: RegistryContext, scope: Scope, manager: FieldManager): Owners {
	return ({ body, stored, next }) => {
		const owned = ownedIn(context.objects.fieldSets, scope, body, stored);
		// An object that nobody owns anything of stays so until somebody applies a configuration to it.
		if (owned.length === 0) return owned;
		const changes = compareObjects(
			scope.kind.schema,
			stored,
			next,
			unownedOf(scope.kind, manager.subresource),
		);
		return ownAfterUpdate(owned, fieldWrite(context, manager, changes));
	};
}

/** Unreadable entries count as none. */
export const ownersOf = (pool: FieldSetPool, stored: KubeObject): readonly Ownership[] =>
	readOwnership(stored.metadata.managedFields, pool) ?? [];

export const fieldWrite = (
	context: RegistryContext,
	manager: FieldManager,
	changes: Changes,
): FieldWrite => ({
	manager,
	changes,
	time: formatTime(context.clock.now()),
	pool: context.objects.fieldSets,
});

export function withOwners<T extends KubeObject>(object: T, owners: readonly Ownership[]): T {
	if (object.metadata.managedFields === owners) return object;
	const { managedFields: _before, ...metadata } = object.metadata;
	return { ...object, metadata: owners.length ? { ...metadata, managedFields: owners } : metadata };
}

/** What only the server says, and what is written through a subresource. */
export function unownedOf(kind: AnyKind, subresource = ""): Unowned {
	if (subresource === "status") return { ...allOf(kind), ...UNOWNED, status: {} };
	return kind.hasStatus ? UNOWNED_WITH_STATUS : UNOWNED;
}

const allOf = (kind: AnyKind): Unowned =>
	Object.fromEntries(Object.keys(kind.schema.fields()).map((name) => [name, true] as const));

const UNKNOWN = "unknown";

const UNOWNED: Unowned = {
	apiVersion: true,
	kind: true,
	metadata: {
		name: true,
		namespace: true,
		creationTimestamp: true,
		selfLink: true,
		uid: true,
		clusterName: true,
		generation: true,
		managedFields: true,
		resourceVersion: true,
	},
};
const UNOWNED_WITH_STATUS: Unowned = { ...UNOWNED, status: true };

function ownedIn(
	pool: FieldSetPool,
	scope: Scope,
	body: Draft<KubeObject>,
	stored: KubeObject,
): readonly Ownership[] {
	const given = body.metadata?.managedFields;
	if (given === stored.metadata.managedFields || scope.request.info.subresource)
		return ownersOf(pool, stored);
	if (clearsOwnership(given)) return [];
	const read = readOwnership(given, pool);
	return read?.length ? read : ownersOf(pool, stored);
}

const MANAGER_LIMIT = 128;

/** `kubectl/v1.35.0 (linux/amd64)` to `kubectl`: printable characters only, and not too many. */
function programOf(agent: string): string {
	const [program = ""] = agent.split("/", 1);
	let kept = "";
	for (const character of program.replace(/\p{C}/gu, "")) {
		if (Buffer.byteLength(kept + character) > MANAGER_LIMIT) break;
		kept += character;
	}
	return kept;
}
