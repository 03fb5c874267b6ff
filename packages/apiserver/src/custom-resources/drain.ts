/** Deletes the objects of a definition that is going away, and then lets the definition go. */
import {
	type AnyKind,
	type Clock,
	type CustomResourceDefinition,
	formatTime,
	isConflict,
	isNotFound,
	type KubeObject,
	keyOf,
	type Logger,
	type Transport,
} from "@berth/api";
import { follow } from "../store/follow.ts";
import type { Objects } from "../store/objects.ts";
import { type Condition, withCondition } from "./conditions.ts";
import { CLEANUP_FINALIZER } from "./definition-deletion.ts";

export interface Drain {
	readonly definition: CustomResourceDefinition;
	/** One of its kinds; undefined when nothing was ever kept. */
	readonly kind: AnyKind | undefined;
	/** Whether the kind can be asked for. */
	readonly isServed: boolean;
	readonly objects: Objects;
	readonly transport: Transport;
	readonly write: (definition: CustomResourceDefinition, subresource: "" | "/status") => Promise<void>;
	readonly clock: Clock;
	readonly log: Logger;
	readonly signal: AbortSignal;
}

const DELETING: Condition = {
	type: "Terminating",
	status: "True",
	reason: "InstanceDeletionInProgress",
	message: "CustomResource deletion is in progress",
};

/** Resolves when the definition has been let go; objects with finalizers are waited for. */
export async function drain(options: Drain): Promise<void> {
	const { definition, kind, clock, signal, write, transport } = options;
	const marked = withCondition(definition, DELETING, formatTime(clock.now()));
	if (marked !== definition) await write(marked, "/status");
	if (kind) await emptied(options, kind);
	if (signal.aborted) return;
	const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}`;
	const { uid, finalizers = [] } = definition.metadata;
	const left = finalizers.filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
	try {
		const body = { metadata: { uid, finalizers: left } };
		await transport.call({
			method: "PATCH",
			path,
			body,
			contentType: "application/merge-patch+json",
			signal,
		});
	} catch (error) {
		if (!isNotFound(error) && !isConflict(error)) throw error;
	}
}

async function emptied(options: Drain, kind: AnyKind): Promise<void> {
	const { objects, log, signal } = options;
	const cache = objects.of<KubeObject>(kind);
	const done = new AbortController();
	const either = AbortSignal.any([signal, done.signal]);
	let wake = () => {};
	const following = follow(cache, either, log, () => wake());
	try {
		for (;;) {
			const changed = new Promise<void>((resolve) => {
				wake = resolve;
			});
			signal.addEventListener("abort", () => wake(), { once: true });
			const left = cache.list().map((cached) => cached.object);
			if (!left.length || signal.aborted) return;
			for (const object of left) {
				if (!object.metadata.deletionTimestamp) await remove(options, kind, object);
			}
			if (cache.list().length) await changed;
		}
	} finally {
		done.abort();
		await following;
	}
}

/** Through the front door where there is one, so that finalizers are heeded. */
async function remove(
	{ objects, isServed, transport, signal }: Drain,
	kind: AnyKind,
	object: KubeObject,
): Promise<void> {
	const { namespace, name, uid, resourceVersion } = object.metadata;
	if (!isServed) {
		await objects.remove(kind, keyOf(object), Number(resourceVersion));
		return;
	}
	const inside = namespace === undefined ? "" : `/namespaces/${namespace}`;
	const path = `/apis/${kind.apiVersion}${inside}/${kind.plural}/${name}`;
	try {
		await transport.call({ method: "DELETE", path, body: { preconditions: { uid } }, signal });
	} catch (error) {
		if (!isNotFound(error) && !isConflict(error)) throw error;
	}
}
