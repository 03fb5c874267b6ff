/**
 * Watches the heartbeats of nodes. A node whose lease is not renewed in time becomes Unknown and tainted; its pods stop
 * being ready. Time is measured here, from when a renewal was seen, so clocks of hosts need not agree.
 */
import {
	formatTime,
	isConflict,
	isNotFound,
	isPodReady,
	keyOf,
	Lease,
	Node,
	Pod,
	type PodCondition,
} from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { readyCondition, silentConditions, wantedTaints } from "./health.ts";

const LEASES = "kube-node-lease";

/** `gracePeriod`: milliseconds of silence before a node is given up. */
export const createNodeController =
	(options: { readonly gracePeriod: number }) =>
	(environment: ControllerEnvironment): Controller => {
		const { client, informers, events, clock } = environment;
		const nodes = informers.of(Node);
		const leases = informers.of(Lease, { namespace: LEASES });
		const pods = informers.of(Pod);
		pods.index("node", (pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []));
		/** The last heartbeat of each node and when it was seen here. Touched by the worker of its node only. */
		const heartbeats = new Map<string, { readonly mark: string; readonly seen: number }>();

		async function reconcile(name: string) {
			const node = nodes.get(name);
			if (!node) {
				heartbeats.delete(name);
				return undefined;
			}
			if (!heartbeats.has(name))
				events.normal(node, "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`);
			const silentFor = clock.now() - lastHeartbeat(node);
			const conditions = silentFor >= options.gracePeriod ? silentConditions(node, clock.now()) : undefined;
			const judged = conditions ? { ...node, status: { ...node.status, conditions } } : node;
			try {
				if (conditions) {
					await client.updateStatus(Node, judged);
					events.normal(node, "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
				}
				// The status write above moved the revision: taints follow when its event comes back.
				const taints = conditions ? undefined : wantedTaints(node, clock.now());
				if (taints) await client.update(Node, { ...node, spec: { ...node.spec, taints } });
			} catch (error) {
				if (isNotFound(error)) return undefined;
				if (isConflict(error)) return { requeueAfter: 20 };
				throw error;
			}
			if (readyCondition(judged)?.status !== "True") await unreadyPods(judged);
			return { requeueAfter: Math.max(500, options.gracePeriod - silentFor) };
		}

		function lastHeartbeat(node: Node): number {
			const lease = leases.get(`${LEASES}/${node.metadata.name}`);
			const mark = `${lease?.spec?.renewTime ?? ""} ${readyCondition(node)?.lastHeartbeatTime ?? ""}`;
			const known = heartbeats.get(node.metadata.name);
			if (known?.mark === mark) return known.seen;
			heartbeats.set(node.metadata.name, { mark, seen: clock.now() });
			return clock.now();
		}

		/** Services must not send anybody to a node that is not ready. */
		async function unreadyPods(node: Node): Promise<void> {
			for (const pod of pods.by("node", node.metadata.name).filter(isPodReady)) {
				const condition: PodCondition = {
					type: "Ready",
					status: "False",
					reason: "NodeNotReady",
					message: `Node ${node.metadata.name} is not ready`,
					lastTransitionTime: formatTime(clock.now()),
				};
				const { namespace, name, uid } = pod.metadata;
				const patch = { metadata: { uid }, status: { conditions: [condition] } };
				try {
					await client.patch(Pod, { namespace, name }, patch, { type: "strategic", subresource: "status" });
					events.warning(pod, "NodeNotReady", "Node is not ready");
				} catch (error) {
					if (!isNotFound(error) && !isConflict(error)) throw error;
				}
			}
		}

		return {
			name: "node",
			sources: [
				watch(nodes, (change) => [keyOf(change.object)]),
				watch(leases, (change) => [change.object.metadata.name]),
			],
			reconcile,
		};
	};
