/** Makes pods of templates and deletes them, for whoever keeps a set of pods; the set's events tell. */
import {
	controllerReference,
	type Draft,
	isNamespaceTerminating,
	type KubeObject,
	keyOf,
	Pod,
	type PodTemplateSpec,
} from "@berth/api";
import { type ControllerEnvironment, created, deleted, ownWritesSeen } from "@berth/reconcile";
import { inGrowingBatches } from "./batches.ts";
import { deletePod } from "./delete-pod.ts";

export interface PodWrites {
	readonly create: readonly Draft<Pod>[];
	readonly remove: readonly Pod[];
}

export interface PodFailure {
	readonly reason: "FailedCreate" | "FailedDelete";
	readonly message: string;
}

export interface PodWriter {
	/** Resolves when the informer shows what was written; with the first failure, if there was one. */
	write(owner: KubeObject, writes: PodWrites, signal: AbortSignal): Promise<PodFailure | undefined>;
}

export function createPodWriter(environment: ControllerEnvironment): PodWriter {
	const { client, informers, events, clock } = environment;
	const informer = informers.of(Pod);

	async function create(owner: KubeObject, draft: Draft<Pod>): Promise<Pod> {
		const pod = await client.create(Pod, draft);
		events.normal(owner, "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
		return pod;
	}

	async function remove(owner: KubeObject, pod: Pod): Promise<void> {
		// Where somebody was faster, there is nothing to tell.
		if (await deletePod(client, pod))
			events.normal(owner, "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
	}

	function failed(owner: KubeObject, doing: "creating" | "deleting", error: unknown): PodFailure | undefined {
		// Its pods are on their way out, and no new ones can come.
		if (isNamespaceTerminating(error)) return undefined;
		const message = error instanceof Error ? error.message : String(error);
		const reason = doing === "creating" ? "FailedCreate" : "FailedDelete";
		events.warning(owner, reason, `Error ${doing}: ${message}`);
		return { reason, message };
	}

	return {
		write: async (owner, writes, signal) => {
			const written = new Map<string, (pod: Pod | undefined) => boolean>();
			const creating = inGrowingBatches(writes.create, async (draft) => {
				const pod = await create(owner, draft);
				written.set(keyOf(pod), created(pod));
			});
			const notCreated = await creating.then(
				() => undefined,
				(error: unknown) => failed(owner, "creating", error),
			);
			const removals = await Promise.allSettled(
				writes.remove.map(async (pod) => {
					await remove(owner, pod);
					written.set(keyOf(pod), deleted(pod));
				}),
			);
			const refusal = removals.find((result) => result.status === "rejected");
			const notDeleted = refusal && failed(owner, "deleting", refusal.reason);
			await ownWritesSeen({ informer, written, clock, signal });
			return notCreated ?? notDeleted;
		},
	};
}

/** A pod as the template has it, controlled by `owner`, with a name that begins with the owner's. */
export function podOf(owner: KubeObject, template: PodTemplateSpec | undefined): Draft<Pod> {
	return {
		metadata: {
			generateName: podPrefix(owner.metadata.name),
			namespace: owner.metadata.namespace,
			labels: template?.metadata?.labels,
			annotations: template?.metadata?.annotations,
			finalizers: template?.metadata?.finalizers,
			ownerReferences: [controllerReference(owner)],
		},
		spec: template?.spec ?? { containers: [] },
	};
}

/** Pod names leave room for the random end within the 63 characters of a host name. */
const podPrefix = (name: string) => `${name.length > 57 ? name.slice(0, 57) : name}-`;
