/**
 * What an update or patch changes: the whole object, or the part of it that a subresource shows. Updates and patches
 * are written once, against this.
 */
import type { AnyKind, Draft, FieldError, JsonObject, KubeObject } from "@berth/api";
import { withDefaults } from "./create.ts";
import { carryOver, withGeneration } from "./metadata.ts";
import { validateChanged, validateStatusChanged } from "./validation.ts";

export interface Target {
	/** Kind of the bodies: the resource's own, or that of the subresource (Scale). */
	readonly kind: AnyKind;
	/** Of a stored object, what the body shows. */
	readonly view: (stored: KubeObject) => KubeObject;
	/** The stored object with the body's changes; only what this target may change. */
	readonly merge: (body: Draft<KubeObject>, stored: KubeObject) => KubeObject;
	readonly validate: (next: KubeObject, stored: KubeObject) => FieldError[];
	/** Where bodies have a form of their own: a configuration in that form, as one of the stored object. */
	readonly configure?: (configuration: JsonObject) => JsonObject;
	/** A PUT may create a missing object where the kind allows it. */
	readonly creates: boolean;
}

type WithStatus = KubeObject & { readonly status?: unknown };

/** Everything but the status. */
export function mainTarget(kind: AnyKind): Target {
	return {
		kind,
		view: (stored) => stored,
		merge: (body, stored) => {
			const next = withDefaults(kind, wholeOf(kind, body, stored));
			const kept = kind.hasStatus ? withStatusOf(next, stored as WithStatus) : next;
			return withGeneration(kind, kind.prepareUpdate?.(kept, stored) ?? kept, stored);
		},
		validate: (next, stored) => validateChanged(kind, next, stored),
		creates: true,
	};
}

/** The status, and of the metadata labels, annotations and finalizers. */
export function statusTarget(kind: AnyKind): Target {
	return {
		kind,
		view: (stored) => stored,
		merge: (body, stored) => {
			const { ownerReferences } = stored.metadata;
			const { ownerReferences: _said, ...metadata } = carryOver(body.metadata ?? {}, stored.metadata);
			const own = { ...stored, metadata: { ...metadata, ...(ownerReferences ? { ownerReferences } : {}) } };
			return withDefaults(kind, withStatusOf(own, body as { status?: unknown }));
		},
		validate: (next, stored) => validateStatusChanged(kind, next, stored),
		creates: false,
	};
}

function wholeOf(kind: AnyKind, body: Draft<KubeObject>, stored: KubeObject): KubeObject {
	return {
		...body,
		apiVersion: kind.apiVersion,
		kind: kind.kind,
		metadata: carryOver(body.metadata ?? {}, stored.metadata),
	};
}

function withStatusOf(object: KubeObject, source: { readonly status?: unknown }): KubeObject {
	const { status: _status, ...rest } = object as WithStatus;
	const { status } = source;
	return status === undefined ? rest : ({ ...rest, status } as WithStatus);
}
