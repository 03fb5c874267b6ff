/**
 * The scheduler's picture of the cluster: nodes, what is placed on them, and what it has itself just decided ("assumed")
 * but the server has not yet shown. Every change costs the same however large the cluster is.
 */
import type { Labels, Namespace, Node, Pod } from "@berth/api";
import { createAffinityTable } from "./affinity-table.ts";
import { createNodeInfo, type MutableNodeInfo, NO_IMAGES, type NodeInfo } from "./node-info.ts";
import { createNominations } from "./nominations.ts";
import { createPodCounts } from "./pod-counts.ts";
import { type PodInfo, podInfo } from "./pod-info.ts";
import type { Snapshot, Supposition } from "./snapshot.ts";
import { NO_STORAGE, type Storage } from "./storage.ts";
import { createTally } from "./tally.ts";

export interface Cluster extends Snapshot {
	setNode(node: Node): void;
	removeNode(name: string): void;
	setNamespace(namespace: Namespace): void;
	removeNamespace(name: string): void;
	/** A pod that the server shows on `spec.nodeName`; confirms what was assumed. */
	place(pod: Pod): PodInfo;
	/** Counts the pod as placed until the server shows it or `forget` says it was not to be. */
	assume(pod: PodInfo, node: string): void;
	/** Room is being made for the pod there, until it is placed, gone, or nominated elsewhere. */
	nominate(pod: PodInfo, node: string): void;
	denominate(key: string): void;
	/** Takes back an assumption; nothing happens when the server has meanwhile shown the pod. */
	forget(pod: PodInfo): void;
	/** Gone, or finished: it takes nothing any more. Answers the node it was placed on. */
	remove(key: string): string | undefined;
}

interface Placed {
	readonly info: PodInfo;
	readonly node: MutableNodeInfo;
	readonly assumed: boolean;
}

export function createCluster(storage: Storage = NO_STORAGE): Cluster {
	const known = new Map<string, MutableNodeInfo>();
	const placed = new Map<string, Placed>();
	const siblings = new Map<string, Map<string, number>>();
	const namespaces = new Map<string, Labels>();
	const priorities = createTally<number>();
	const claimUsers = createTally<string>();
	const images = createTally<string>();
	const nominations = createNominations();
	const table = createAffinityTable();
	const counts = createPodCounts(function* () {
		for (const { info, node } of placed.values()) yield [node.name, info] as const;
	});
	let nodes: readonly MutableNodeInfo[] = [];

	const infoOf = (name: string) => {
		const info = known.get(name) ?? createNodeInfo(name);
		known.set(name, info);
		return info;
	};
	const list = () => {
		nodes = [...known.values()].filter(({ node }) => node !== undefined);
	};

	function put(info: PodInfo, name: string, assumed: boolean) {
		take(info.key);
		const node = infoOf(name);
		placed.set(info.key, { info, node, assumed });
		node.add(info);
		counts.add(info, name);
		table.add(info, name);
		countSibling(info, name, 1);
		countEach(info, 1);
	}

	function take(key: string): Placed | undefined {
		const found = placed.get(key);
		if (!found) return undefined;
		const { info, node } = found;
		placed.delete(key);
		node.remove(info);
		counts.remove(info, node.name);
		table.remove(info, node.name);
		countSibling(info, node.name, -1);
		countEach(info, -1);
		if (!node.node && node.pods.size === 0) known.delete(node.name);
		return found;
	}

	function countEach({ priority, claims, namespace }: PodInfo, by: 1 | -1) {
		priorities.count(priority, by);
		for (const { name } of claims) claimUsers.count(`${namespace}/${name}`, by);
	}

	function countImages(before: NodeInfo["images"], now: NodeInfo["images"]) {
		if (before === now) return;
		for (const name of before.keys()) images.count(name, -1);
		for (const name of now.keys()) images.count(name, 1);
	}

	function suppose<T>(ask: (world: Supposition) => T): T {
		const undo: (() => void)[] = [];
		const world: Supposition = {
			place: (pod, node) => {
				put(pod, node, true);
				undo.push(() => take(pod.key));
			},
			remove: (pod) => {
				const was = take(pod.key);
				if (was) undo.push(() => put(was.info, was.node.name, was.assumed));
			},
		};
		try {
			return ask(world);
		} finally {
			for (const each of undo.reverse()) each();
		}
	}

	function countSibling({ owner }: PodInfo, node: string, by: 1 | -1) {
		if (!owner) return;
		const onNodes = siblings.get(owner) ?? new Map<string, number>();
		const count = (onNodes.get(node) ?? 0) + by;
		if (count > 0) onNodes.set(node, count);
		else onNodes.delete(node);
		if (onNodes.size > 0) siblings.set(owner, onNodes);
		else siblings.delete(owner);
	}

	return {
		get nodes() {
			return nodes;
		},
		node: (name) => known.get(name),
		counts: counts.of,
		siblings: (owner) => siblings.get(owner) ?? NONE,
		get stated() {
			return table.stated;
		},
		namespaceLabels: (name) => namespaces.get(name) ?? {},
		namespacesOf: ({ namespaces: named, namespaceSelector }) => {
			if (!namespaceSelector) return named.toSorted();
			if (namespaceSelector.empty) return undefined;
			const matching = [...namespaces].filter(([, labels]) => namespaceSelector.matches(labels));
			return [...new Set([...named, ...matching.map(([name]) => name)])].sort();
		},
		storage,
		isClaimUsed: claimUsers.has,
		nodesWithImage: images.of,
		nominatedOn: nominations.on,
		nominationOf: nominations.of,
		hasLessThan: (priority) => {
			for (const each of priorities.present()) if (each < priority) return true;
			return false;
		},
		suppose,

		setNode: (node) => {
			const info = infoOf(node.metadata.name);
			const isNew = info.node === undefined;
			const before = info.images;
			info.describe(node);
			countImages(before, info.images);
			if (isNew) list();
		},
		removeNode: (name) => {
			const info = known.get(name);
			if (!info) return;
			countImages(info.images, NO_IMAGES);
			info.describe(undefined);
			if (info.pods.size === 0) known.delete(name);
			list();
		},
		setNamespace: ({ metadata }) => {
			namespaces.set(metadata.name, metadata.labels ?? {});
		},
		removeNamespace: (name) => {
			namespaces.delete(name);
		},

		place: (pod) => {
			const info = podInfo(pod, placed.get(`${pod.metadata.namespace}/${pod.metadata.name}`)?.info);
			nominations.remove(info.key);
			if (pod.spec.nodeName) put(info, pod.spec.nodeName, false);
			return info;
		},
		assume: (pod, node) => {
			nominations.remove(pod.key);
			put(pod, node, true);
		},
		nominate: nominations.set,
		denominate: nominations.remove,
		forget: (pod) => {
			const found = placed.get(pod.key);
			if (found?.assumed && found.info.pod.metadata.uid === pod.pod.metadata.uid) take(pod.key);
		},
		remove: (key) => {
			nominations.remove(key);
			return take(key)?.node.name;
		},
	};
}

const NONE: ReadonlyMap<string, number> = new Map();
