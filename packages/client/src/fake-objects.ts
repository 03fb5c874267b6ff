/** What writes mean to one object of the fake server. Pure. */
import {
	type AnyKind,
	applyJsonPatch,
	applyMergePatch,
	applyStrategicPatch,
	deepEqual,
	type KubeObject,
	unsupportedMediaType,
} from "@berth/api";

type WithStatus = KubeObject & { readonly status?: unknown };

/** The object as a patch of that content type leaves it. Server-side apply is a strategic merge here. */
export function applyPatch(
	kind: AnyKind,
	object: KubeObject,
	patch: unknown,
	contentType: string,
): KubeObject {
	switch (contentType) {
		case "application/json-patch+json":
			return applyJsonPatch(object, patch as never) as KubeObject;
		case "application/merge-patch+json":
			return applyMergePatch(object, patch) as KubeObject;
		case "application/strategic-merge-patch+json":
		case "application/apply-patch+yaml":
			return applyStrategicPatch(kind.schema, object, patch) as KubeObject;
		default:
			throw unsupportedMediaType(["application/merge-patch+json"], contentType);
	}
}

/**
 * What of a proposal is written: a status update touches status alone, another update everything but status (where the
 * kind has the subresource). Identity is the server's. The same object when nothing changes. `*` writes all.
 */
export function writable(
	kind: AnyKind,
	object: WithStatus,
	proposed: WithStatus,
	subresource: string | undefined,
): KubeObject {
	const { uid, creationTimestamp, deletionTimestamp, generation, name, namespace, resourceVersion } =
		object.metadata;
	const kept = { uid, creationTimestamp, deletionTimestamp, generation, name, namespace, resourceVersion };
	const identity = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
	const metadata = { ...proposed.metadata, ...identity } as KubeObject["metadata"];
	let next: WithStatus;
	if (subresource === "status") next = { ...object, status: proposed.status };
	else if (kind.hasStatus && subresource !== "*") next = { ...proposed, metadata, status: object.status };
	else next = { ...proposed, metadata };
	if (next.status === undefined) {
		const { status: _absent, ...rest } = next;
		next = rest;
	}
	if (deepEqual(next, object)) return object;
	if (!kind.hasGeneration || subresource || deepEqual(specOf(next), specOf(object))) return next;
	return { ...next, metadata: { ...next.metadata, generation: (generation ?? 0) + 1 } };
}

function specOf(object: WithStatus): object {
	const { metadata: _metadata, status: _status, ...rest } = object;
	return rest;
}

/** A pod after the binding subresource: on its node, and scheduled. */
export function bound(pod: KubeObject, binding: unknown): KubeObject {
	const { spec, status } = pod as KubeObject & {
		spec?: object;
		status?: { conditions?: { type: string }[] };
	};
	const { target } = binding as { target: { name: string } };
	const conditions = (status?.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
	const placed = {
		...pod,
		spec: { ...spec, nodeName: target.name },
		status: { ...status, conditions: [...conditions, { type: "PodScheduled", status: "True" }] },
	};
	return placed;
}

/** An object with finalizers after a delete: marked, and there until they are gone. */
export const marked = (object: KubeObject, deletionTimestamp: string): KubeObject => ({
	...object,
	metadata: { ...object.metadata, deletionTimestamp, deletionGracePeriodSeconds: 0 },
});
