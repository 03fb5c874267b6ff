/** The registry: finds the kind, the subresource and the verb of a request, and hands it to the file of that name. */
import { type AnyKind, type Clock, type Logger, methodNotAllowed, noSuchResource } from "@berth/api";
import type { AdmissionPlugin } from "../admission/admission.ts";
import { createAdmission } from "../admission/admission.ts";
import type { Authorizer, Tokens } from "../auth/auth.ts";
import type { Objects } from "../store/objects.ts";
import { type Allocator, createAllocators } from "./allocators/allocator.ts";
import { type ComputedKind, readComputed } from "./computed.ts";
import { type RegistryContext, resourceOf, type Scope, scopeOf } from "./context.ts";
import { create } from "./create.ts";
import { remove } from "./delete.ts";
import { deleteCollection } from "./delete-collection.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { patch } from "./patch.ts";
import type { Answer, Registry, ResourceRequest } from "./request.ts";
import { computeReview } from "./reviews/reviews.ts";
import type { ServedKinds } from "./served-kinds.ts";
import { subresourceOf } from "./subresources/subresources.ts";
import { mainTarget } from "./target.ts";
import { update } from "./update.ts";
import { watch } from "./watch.ts";

export interface RegistryOptions {
	readonly objects: Objects;
	readonly kinds: ServedKinds;
	/** In the order in which they run. */
	readonly admission: readonly AdmissionPlugin[];
	readonly allocators: readonly Allocator[];
	/** Read-only kinds that no store keeps. */
	readonly computed: readonly ComputedKind[];
	readonly authorizer: Authorizer;
	readonly tokens: Tokens;
	readonly clock: Clock;
	readonly log: Logger;
	/** Uniform in [0, 1); default Math.random. */
	readonly random?: () => number;
}

export function createRegistry(options: RegistryOptions): Registry {
	const context: RegistryContext = {
		...options,
		get kinds() {
			return options.kinds.kinds;
		},
		admission: createAdmission(options.admission),
		allocators: createAllocators(options.allocators),
		random: options.random ?? Math.random,
		leavers: new WeakMap(),
	};
	const { find: kind } = options.kinds;
	return {
		kind,
		get kinds() {
			return options.kinds.kinds;
		},
		handle: async (request) => {
			const { group, version, resource } = request.info;
			const found = kind(group, version, resource);
			if (!found) throw noSuchResource();
			const answer = await handle(context, found, untilGone(request, options.kinds.gone(found)));
			if (!found.deprecation) return answer;
			return { ...answer, warnings: [found.deprecation, ...(answer.warnings ?? [])] };
		},
	};
}

/** A watch ends with its kind: its client looks again, and finds the new one or none. */
function untilGone(request: ResourceRequest, gone: AbortSignal | undefined): ResourceRequest {
	if (!gone || request.info.verb !== "watch") return request;
	return { ...request, signal: AbortSignal.any([request.signal, gone]) };
}

async function handle(context: RegistryContext, kind: AnyKind, request: ResourceRequest): Promise<Answer> {
	const { verb, subresource, namespace } = request.info;
	const refuse = () => methodNotAllowed(resourceOf(kind), verb);
	if (!kind.namespaced && namespace !== undefined && kind.plural !== "namespaces") throw noSuchResource();
	const scope = scopeOf(kind, request);
	if (subresource !== undefined) return handleSubresource(context, scope, subresource);
	if (!verb || !kind.verbs.includes(verb)) throw refuse();
	// Over all namespaces one can look only, and at all of them.
	if (kind.namespaced && namespace === undefined && verb !== "list" && verb !== "watch") {
		throw request.info.name === undefined ? refuse() : noSuchResource();
	}
	if (verb === "create" && request.info.name !== undefined) throw refuse();
	if (kind.virtual) return verb === "create" ? computeReview(context, scope) : readComputed(context, scope);
	switch (verb) {
		case "create":
			return create(context, scope);
		case "get":
			return get(context, scope);
		case "list":
			return list(context, scope);
		case "watch":
			return watch(context, scope);
		case "update":
			return update(context, scope, mainTarget(kind));
		case "patch":
			return patch(context, scope, mainTarget(kind));
		case "delete":
			return remove(context, scope);
		case "deletecollection":
			return deleteCollection(context, scope);
	}
}

async function handleSubresource(context: RegistryContext, scope: Scope, name: string): Promise<Answer> {
	const found = subresourceOf(scope.kind, name);
	if (!found || (scope.kind.namespaced && scope.namespace === undefined)) throw noSuchResource();
	const { verb } = scope.request.info;
	const handler =
		verb === "create" || verb === "get" || verb === "update" || verb === "patch" ? found[verb] : undefined;
	if (!handler) {
		const { group, resource } = resourceOf(scope.kind);
		throw methodNotAllowed({ group, resource: `${resource}/${name}` }, verb);
	}
	return handler(context, scope);
}
