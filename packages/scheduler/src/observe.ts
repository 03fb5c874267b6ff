/** What informers tell, turned into the cluster's picture and the queue's wake-ups. */
import { deepEqual, isPodTerminal, keyOf, type Logger, Namespace, Node, Pod } from "@berth/api";
import type { Change, Informers } from "@berth/client";
import type { Cluster } from "./cluster/cluster.ts";
import { nodeChanges } from "./cluster/cluster-change.ts";
import { podInfo } from "./cluster/pod-info.ts";
import type { SchedulingQueue } from "./queue.ts";
import { refuserOn } from "./schedule.ts";

export interface ObserveOptions {
	readonly informers: Informers;
	readonly cluster: Cluster;
	readonly queue: SchedulingQueue;
	readonly schedulerName: string;
	readonly log: Logger;
}

export interface Observation {
	/** Resolves when everything that exists has been told. */
	readonly synced: Promise<unknown>;
	stop(): void;
}

export function observe(options: ObserveOptions): Observation {
	const { informers, cluster, queue } = options;
	const nodes = informers.of(Node);
	const namespaces = informers.of(Namespace);
	const pods = informers.of(Pod);
	const subscriptions = [
		nodes.subscribe((change) => nodeChanged(change, cluster, queue)),
		namespaces.subscribe((change) => namespaceChanged(change, cluster, queue)),
		pods.subscribe((change) => podChanged(change, options)),
	];
	return {
		synced: Promise.all([nodes.whenSynced, namespaces.whenSynced, pods.whenSynced]),
		stop: () => {
			for (const unsubscribe of subscriptions) unsubscribe();
		},
	};
}

function nodeChanged({ type, object, old }: Change<Node>, cluster: Cluster, queue: SchedulingQueue) {
	if (type === "deleted") return cluster.removeNode(object.metadata.name);
	cluster.setNode(object);
	const refuser = refuserOn(object.metadata.name, cluster);
	if (!old) queue.wake("node-added", refuser);
	else for (const change of nodeChanges(old, object)) queue.wake(change, refuser);
}

function namespaceChanged(
	{ type, object, old }: Change<Namespace>,
	cluster: Cluster,
	queue: SchedulingQueue,
) {
	if (type === "deleted") return cluster.removeNamespace(object.metadata.name);
	cluster.setNamespace(object);
	if (!old || !deepEqual(old.metadata.labels, object.metadata.labels)) queue.wake("namespace-labels");
}

function podChanged({ type, object, old }: Change<Pod>, { cluster, queue, schedulerName }: ObserveOptions) {
	const key = keyOf(object);
	if (type === "deleted" || isPodTerminal(object)) {
		queue.remove(key);
		const node = cluster.remove(key);
		if (node) queue.wake("pod-gone", refuserOn(node, cluster));
	} else if (object.spec.nodeName) {
		queue.remove(key);
		const isNews = !old?.spec.nodeName || !deepEqual(old.metadata.labels, object.metadata.labels);
		cluster.place(object);
		if (isNews) queue.wake("pod-placed");
	} else if (!isWaiting(object, schedulerName)) {
		queue.remove(key);
	} else if (queue.get(key) && old && isSameWish(old, object)) {
		queue.refresh(podInfo(object, queue.get(key)));
	} else {
		queue.put(podInfo(object));
	}
}

/** Waits for this scheduler to find it a node. */
const isWaiting = ({ spec, metadata }: Pod, schedulerName: string) =>
	(spec.schedulerName || "default-scheduler") === schedulerName &&
	!metadata.deletionTimestamp &&
	!spec.schedulingGates?.length;

/** Nothing has changed that decides where the pod can run: its status above all, which is what we write ourselves. */
const isSameWish = (old: Pod, pod: Pod) =>
	old.metadata.uid === pod.metadata.uid &&
	deepEqual(old.metadata.labels, pod.metadata.labels) &&
	(old.spec === pod.spec || deepEqual(old.spec, pod.spec));
