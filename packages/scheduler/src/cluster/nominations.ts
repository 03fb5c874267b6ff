/** Pods for which room is being made: they hold a place that is not theirs yet, against pods that matter less. */
import type { PodInfo } from "./pod-info.ts";

export interface Nominations {
	set(pod: PodInfo, node: string): void;
	remove(key: string): void;
	on(node: string): readonly PodInfo[];
	of(key: string): string | undefined;
}

export function createNominations(): Nominations {
	const byKey = new Map<string, { readonly pod: PodInfo; readonly node: string }>();
	const byNode = new Map<string, Map<string, PodInfo>>();

	function remove(key: string) {
		const known = byKey.get(key);
		if (!known) return;
		byKey.delete(key);
		const there = byNode.get(known.node);
		there?.delete(key);
		if (there?.size === 0) byNode.delete(known.node);
	}

	return {
		set: (pod, node) => {
			remove(pod.key);
			byKey.set(pod.key, { pod, node });
			byNode.set(node, (byNode.get(node) ?? new Map()).set(pod.key, pod));
		},
		remove,
		on: (node) => {
			const there = byNode.get(node);
			return there ? [...there.values()] : NOBODY;
		},
		of: (key) => byKey.get(key)?.node,
	};
}

const NOBODY: readonly PodInfo[] = [];
