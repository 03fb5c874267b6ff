/** What a decision does to the world: a binding, or the reasons on the pod. */
import { type Clock, formatTime, isNotFound, type Logger, Pod, podCondition, StatusError } from "@berth/api";
import { type Client, createBackoff } from "@berth/client";

export interface BindOptions {
	readonly client: Client;
	readonly clock: Clock;
	readonly log: Logger;
	readonly signal: AbortSignal;
}

/**
 * Binds the pod. True once it is known to be bound there, false once it is known not to be; when the answer was lost on
 * the road, asks until the server tells: until then the pod may well be running there.
 */
export async function bind(pod: Pod, node: string, options: BindOptions): Promise<boolean> {
	const { client, clock, log, signal } = options;
	const { namespace, name, uid } = pod.metadata;
	try {
		await client.post(Pod, { namespace, name }, "binding", {
			apiVersion: "v1",
			kind: "Binding",
			metadata: { namespace, name, uid },
			target: { apiVersion: "v1", kind: "Node", name: node },
		});
		return true;
	} catch (error) {
		log.warn({ err: error, pod: `${namespace}/${name}`, node }, "cannot bind");
		if (error instanceof StatusError && error.code < 500) return false;
	}
	const backoff = createBackoff({ base: 200, cap: 10_000 });
	while (!signal.aborted) {
		try {
			const now = await client.get(Pod, { namespace, name }, signal);
			return now.metadata.uid === uid && now.spec.nodeName === node;
		} catch (error) {
			if (isNotFound(error)) return false;
			await clock.sleep(backoff.next(), signal);
		}
	}
	return false;
}

/**
 * Says on the pod why it has no node, and which one is being made free for it (null: none; undefined: as it was); nothing
 * is written when it says so already.
 */
export async function reportUnschedulable(
	pod: Pod,
	{ message, nomination }: { readonly message: string; readonly nomination: string | null | undefined },
	options: BindOptions,
): Promise<void> {
	const { client, clock, log } = options;
	const { namespace, name, uid, generation } = pod.metadata;
	const known = podCondition(pod, "PodScheduled");
	const isKnown = known?.status === "False" && known.reason === "Unschedulable" && known.message === message;
	const nominated = pod.status?.nominatedNodeName || null;
	const renominated = nomination !== undefined && nomination !== nominated;
	if (isKnown && !renominated) return;
	const condition = {
		type: "PodScheduled",
		status: "False",
		reason: "Unschedulable",
		message,
		lastTransitionTime: known?.status === "False" ? known.lastTransitionTime : formatTime(clock.now()),
		...(generation !== undefined && { observedGeneration: generation }),
	};
	try {
		await client.patch(
			Pod,
			{ namespace, name },
			{
				metadata: { uid },
				status: { conditions: [condition], ...(renominated && { nominatedNodeName: nomination }) },
			},
			{ type: "strategic", subresource: "status" },
		);
	} catch (error) {
		// The pod has gone, or the next refusal writes it.
		if (!isNotFound(error)) log.warn({ err: error, pod: `${namespace}/${name}` }, "cannot report on a pod");
	}
}
