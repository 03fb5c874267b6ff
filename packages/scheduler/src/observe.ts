/** What informers tell, turned into the cluster's picture and the queue's wake-ups. */
import { deepEqual, isPodTerminal, keyOf, Namespace, Node, Pod } from "@berth/api";
import type { Change, Informers } from "@berth/client";
import type { Cluster } from "./cluster/cluster.ts";
import { nodeChanges } from "./cluster/cluster-change.ts";
import { podInfo } from "./cluster/pod-info.ts";
import type { SchedulingQueue } from "./queue.ts";
import type { WakeUps } from "./wake-ups.ts";

export interface ObserveOptions {
	readonly informers: Informers;
	readonly cluster: Cluster;
	readonly queue: SchedulingQueue;
	readonly wakeUps: WakeUps;
	readonly schedulerName: string;
}

export interface Observation {
	/** Resolves when everything that exists has been told. */
	readonly synced: Promise<unknown>;
	stop(): void;
}

export function observe(options: ObserveOptions): Observation {
	const { informers, cluster, wakeUps } = options;
	const nodes = informers.of(Node);
	const namespaces = informers.of(Namespace);
	const pods = informers.of(Pod);
	const subscriptions = [
		nodes.subscribe((change) => nodeChanged(change, cluster, wakeUps)),
		namespaces.subscribe((change) => namespaceChanged(change, cluster, wakeUps)),
		pods.subscribe((change) => podChanged(change, options)),
	];
	return {
		synced: Promise.all([nodes.whenSynced, namespaces.whenSynced, pods.whenSynced]),
		stop: () => {
			for (const unsubscribe of subscriptions) unsubscribe();
		},
	};
}

function nodeChanged({ type, object, old }: Change<Node>, cluster: Cluster, wakeUps: WakeUps) {
	const { name } = object.metadata;
	if (type === "deleted") return cluster.removeNode(name);
	cluster.setNode(object);
	if (!old) wakeUps.note("node-added", name);
	else for (const change of nodeChanges(old, object)) wakeUps.note(change, name);
}

function namespaceChanged({ type, object, old }: Change<Namespace>, cluster: Cluster, wakeUps: WakeUps) {
	if (type === "deleted") return cluster.removeNamespace(object.metadata.name);
	cluster.setNamespace(object);
	if (!old || !deepEqual(old.metadata.labels, object.metadata.labels)) wakeUps.note("namespace-labels");
}

function podChanged(
	{ type, object, old }: Change<Pod>,
	{ cluster, queue, wakeUps, schedulerName }: ObserveOptions,
) {
	const key = keyOf(object);
	if (type === "deleted" || isPodTerminal(object)) {
		queue.remove(key);
		const node = cluster.remove(key);
		if (node) wakeUps.note("pod-gone", node);
	} else if (object.spec.nodeName) {
		queue.remove(key);
		const isNews = !old?.spec.nodeName || !deepEqual(old.metadata.labels, object.metadata.labels);
		const before = cluster.node(object.spec.nodeName)?.pods.get(key)?.requests;
		const { requests } = cluster.place(object);
		if (isNews) wakeUps.note("pod-placed");
		if (before && (requests.cpu < before.cpu || requests.memory < before.memory))
			wakeUps.note("pod-shrunk", object.spec.nodeName);
	} else if (!isWaiting(object, schedulerName)) {
		queue.remove(key);
		cluster.denominate(key);
	} else {
		const known = queue.get(key);
		const info = podInfo(object, known);
		// What this process has just nominated may not be shown yet: only a nomination taken back is news.
		const { nominatedNodeName } = object.status ?? {};
		if (nominatedNodeName) cluster.nominate(info, nominatedNodeName);
		else if (old?.status?.nominatedNodeName) cluster.denominate(key);
		if (known && old && isSameWish(old, object)) queue.refresh(info);
		else queue.put(info);
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
