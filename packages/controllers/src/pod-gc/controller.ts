/** Removes pods that nobody will ever finish: bound to a node that is gone, or going and never scheduled. */
import {
	disruptionTarget,
	isNotFound,
	isPodTerminal,
	keyOf,
	Node,
	Pod,
	type PodCondition,
	splitKey,
} from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";

/** A node that was deleted may come straight back (a re-registration): its pods wait so long. Milliseconds. */
const QUARANTINE = 40_000;

export function createPodGcController(environment: ControllerEnvironment): Controller {
	const { client, informers, clock, log } = environment;
	const nodes = informers.of(Node);
	const pods = informers.of(Pod);
	pods.index("node", (pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []));
	/** When a node was first missed. Only this controller's own workers touch it. */
	const missing = new Map<string, number>();

	async function reconcile(key: string) {
		const pod = pods.get(key);
		if (!pod) return undefined;
		const node = pod.spec.nodeName;
		if (!node) {
			if (pod.metadata.deletionTimestamp) await remove(pod, "never scheduled and being deleted");
			return undefined;
		}
		if (nodes.get(node)) {
			missing.delete(node);
			return undefined;
		}
		const since = missing.get(node) ?? clock.now();
		missing.set(node, since);
		const wait = since + QUARANTINE - clock.now();
		if (wait > 0) return { requeueAfter: wait };
		if (await nodeExists(node)) return undefined;
		await remove(pod, "its node is gone", [nodeIsGone(clock.now())]);
		return undefined;
	}

	async function nodeExists(name: string): Promise<boolean> {
		try {
			await client.get(Node, { name });
			return true;
		} catch (error) {
			if (isNotFound(error)) return false;
			throw error;
		}
	}

	/** No agent will ever say how the pod ended; who waits for that, for its finalizer, must be told here. */
	async function remove(pod: Pod, why: string, conditions: readonly PodCondition[] = []): Promise<void> {
		const { namespace, name } = splitKey(keyOf(pod));
		try {
			if (!isPodTerminal(pod))
				await client.patch(
					Pod,
					{ namespace, name },
					{ metadata: { uid: pod.metadata.uid }, status: { phase: "Failed", conditions } },
					{ type: "strategic", subresource: "status" },
				);
			await client.delete(
				Pod,
				{ namespace, name },
				{ gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } },
			);
			log.info({ pod: keyOf(pod), why }, "removed a pod");
		} catch (error) {
			if (!isNotFound(error)) throw error;
		}
	}

	return {
		name: "pod-garbage-collector",
		sources: [
			watch(pods, (change) => (change.type === "deleted" ? [] : [keyOf(change.object)])),
			watch(nodes, ({ type, object }) =>
				type === "deleted" ? pods.by("node", object.metadata.name).map(keyOf) : [],
			),
		],
		reconcile,
	};
}

const nodeIsGone = (now: number) => disruptionTarget("DeletionByPodGC", "PodGC: node no longer exists", now);
