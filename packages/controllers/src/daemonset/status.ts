/** On how many nodes a daemon set's pods are, and how they are. Pure. */
import { type DaemonSet, type DaemonSetStatus, isPodReady, type Node, type Pod } from "@berth/api";
import { availableIn } from "../pods/availability.ts";
import { REVISION_HASH } from "./daemon-pod.ts";
import { placement } from "./placement.ts";
import { byAge, podsByNode } from "./plan.ts";

export interface Counted {
	readonly set: DaemonSet;
	readonly nodes: readonly Node[];
	readonly pods: readonly Pod[];
	readonly hash: string;
	readonly now: number;
	/** Names of revisions that were taken. */
	readonly collisions: number;
}

/** Of several pods on a node the oldest one counts. */
export function daemonSetStatus({ set, nodes, pods, hash, now, collisions }: Counted): DaemonSetStatus {
	const byNode = podsByNode(pods);
	const judge = placement(set);
	const wanted = nodes.filter((node) => judge(node).run);
	const first = (node: Node) => byNode.get(node.metadata.name)?.toSorted(byAge)[0];
	const scheduled = wanted.map(first).filter((pod) => pod !== undefined);
	const minReadySeconds = set.spec.minReadySeconds ?? 0;
	const available = scheduled.filter((pod) => availableIn(pod, minReadySeconds, now) === 0).length;
	const counters = {
		updatedNumberScheduled: scheduled.filter((pod) => pod.metadata.labels?.[REVISION_HASH] === hash).length,
		numberAvailable: available,
		numberUnavailable: wanted.length - available,
		collisionCount: collisions,
	};
	const { conditions } = set.status ?? {};
	return {
		currentNumberScheduled: scheduled.length,
		numberMisscheduled: nodes.filter((node) => !judge(node).run && first(node)).length,
		desiredNumberScheduled: wanted.length,
		numberReady: scheduled.filter(isPodReady).length,
		// Counters that are zero are absent once stored.
		...Object.fromEntries(Object.entries(counters).filter(([, count]) => count !== 0)),
		...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
		...(conditions ? { conditions } : {}),
	};
}
