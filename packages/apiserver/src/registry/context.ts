/** What every verb works with: made once by `createRegistry`, handed down, never global. */
import {
	type About,
	type AnyKind,
	badRequest,
	type Clock,
	type KubeObject,
	type Logger,
	type UserInfo,
} from "@berth/api";
import type { Admission } from "../admission/admission.ts";
import type { Authorizer, Tokens } from "../auth/auth.ts";
import type { Objects, ResourceCache } from "../store/objects.ts";
import type { Allocators } from "./allocators/allocator.ts";
import type { ComputedKind } from "./computed.ts";
import type { ResourceRequest } from "./request.ts";
import { type Strategy, strategyOf } from "./strategies.ts";
import type { Leavers } from "./watch-filter.ts";

export interface RegistryContext {
	readonly objects: Objects;
	/** Those served now: the list changes while the server runs. */
	readonly kinds: readonly AnyKind[];
	readonly admission: Admission;
	readonly allocators: Allocators;
	readonly computed: readonly ComputedKind[];
	readonly authorizer: Authorizer;
	readonly tokens: Tokens;
	readonly clock: Clock;
	readonly log: Logger;
	/** Uniform in [0, 1): generated names, dynamic addresses, jitter. */
	readonly random: () => number;
	readonly leavers: Leavers;
}

/** One request with its kind resolved. */
export interface Scope {
	readonly request: ResourceRequest;
	readonly kind: AnyKind;
	/** The resource, for errors: `deployments.apps`. */
	readonly about: About;
	readonly strategy: Strategy;
	/** Undefined for cluster-scoped kinds and for reads over all namespaces. */
	readonly namespace: string | undefined;
	readonly user: UserInfo;
	readonly signal: AbortSignal;
}

export function scopeOf(kind: AnyKind, request: ResourceRequest): Scope {
	return {
		request,
		kind,
		about: resourceOf(kind),
		strategy: strategyOf(kind),
		namespace: kind.namespaced ? request.info.namespace : undefined,
		user: request.user,
		signal: request.signal,
	};
}

/** Errors that name the resource: `deployments.apps "web" not found`. */
export const resourceOf = (kind: AnyKind): About => ({ group: kind.group, resource: kind.plural });

/** Errors that name the kind: `Deployment.apps "web" is invalid`. */
export const kindOf = (kind: AnyKind): About => ({ group: kind.group, resource: kind.kind });

/** The name in the path. Throws 400 without one. */
export function nameOf(scope: Scope): string {
	const { name } = scope.request.info;
	if (!name) throw badRequest("resource name may not be empty");
	return name;
}

/** Cache key of the object that the path names. */
export function keyAt(scope: Scope, name: string): string {
	return scope.namespace === undefined ? name : `${scope.namespace}/${name}`;
}

/**
 * The cache of the kind's collection, with objects in the form in which they are stored. What is shown to anybody goes
 * through `objects.forms` first.
 */
export const cacheOf = (context: RegistryContext, kind: AnyKind): ResourceCache<KubeObject> =>
	context.objects.of<KubeObject>(kind);
