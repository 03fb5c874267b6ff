/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer. */
import { formatTime, isConflict, isNotFound, isPodTerminal, keyOf, Node, Pod } from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { evictIn } from "./eviction.ts";

export function createTaintEvictionController(environment: ControllerEnvironment): Controller {
	const { client, informers, events, clock } = environment;
	const nodes = informers.of(Node);
	const pods = informers.of(Pod);
	pods.index("node", (pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []));

	async function reconcile(key: string) {
		const pod = pods.get(key);
		const node = pod?.spec.nodeName ? nodes.get(pod.spec.nodeName) : undefined;
		if (!pod || !node || pod.metadata.deletionTimestamp || isPodTerminal(pod)) return undefined;
		const wait = evictIn(pod, node, clock.now());
		if (wait === undefined) return undefined;
		if (wait > 0) return { requeueAfter: wait };
		const { namespace, name, uid } = pod.metadata;
		const condition = {
			type: "DisruptionTarget",
			status: "True",
			reason: "DeletionByTaintManager",
			message: "Taint manager: deleting due to NoExecute taint",
			lastTransitionTime: formatTime(clock.now()),
		};
		const patch = { metadata: { uid }, status: { conditions: [condition] } };
		try {
			await client.patch(Pod, { namespace, name }, patch, { type: "strategic", subresource: "status" });
			events.normal(pod, "TaintManagerEviction", `Marking for deletion Pod ${key}`);
			await client.delete(Pod, { namespace, name }, { preconditions: { uid } });
		} catch (error) {
			if (!isNotFound(error) && !isConflict(error)) throw error;
		}
		return undefined;
	}

	return {
		name: "taint-eviction",
		workers: 8,
		sources: [
			watch(pods, ({ type, object }) => (type === "deleted" || !object.spec.nodeName ? [] : [keyOf(object)])),
			watch(nodes, ({ object, old }) =>
				object.spec.taints === old?.spec.taints ? [] : pods.by("node", object.metadata.name).map(keyOf),
			),
		],
		reconcile,
	};
}
