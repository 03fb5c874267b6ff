/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer. */
import { disruptionTarget, isConflict, isNotFound, isPodTerminal, keyOf, Node, Pod } from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { evictIn } from "./eviction.ts";
import { createTaintAges } from "./taint-ages.ts";

export function createTaintEvictionController(environment: ControllerEnvironment): Controller {
	const { client, informers, events, clock } = environment;
	const nodes = informers.of(Node);
	const pods = informers.of(Pod);
	pods.index("node", (pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []));

	const ages = createTaintAges();
	/** Uids of pods that are to go later, by key. Only the worker of a key touches it. */
	const due = new Map<string, string | undefined>();

	async function reconcile(key: string) {
		const pod = pods.get(key);
		const node = pod?.spec.nodeName ? nodes.get(pod.spec.nodeName) : undefined;
		if (!pod || !node || pod.metadata.deletionTimestamp || isPodTerminal(pod)) {
			due.delete(key);
			return undefined;
		}
		const now = clock.now();
		const wait = evictIn(pod, node, now, ages.of(node, now));
		if (wait === undefined) {
			if (due.get(key) === pod.metadata.uid && due.delete(key))
				events.normal(pod, "TaintManagerEviction", `Cancelling deletion of Pod ${key}`);
			return undefined;
		}
		if (wait > 0) {
			due.set(key, pod.metadata.uid);
			return { requeueAfter: wait };
		}
		due.delete(key);
		const { namespace, name, uid } = pod.metadata;
		const message = "Taint manager: deleting due to NoExecute taint";
		const condition = disruptionTarget("DeletionByTaintManager", message, clock.now());
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
			watch(nodes, ({ type, object, old }) => {
				if (type === "deleted") ages.forget(object.metadata.name);
				else ages.see(object, clock.now());
				return object.spec.taints === old?.spec.taints
					? []
					: pods.by("node", object.metadata.name).map(keyOf);
			}),
		],
		reconcile,
	};
}
