/** Workers of static pods come and go with their manifests; a changed manifest waits until the pod before it is gone. */
import { keyOf, type Pod } from "@berth/api";
import type { PodWorker } from "../pods/worker.ts";
import { isStatic } from "./origin.ts";

export interface StaticWorkers {
	/** The pods of all manifests, as they are now. */
	tell(pods: readonly Pod[]): void;
	/** Looks again: a worker has ended. */
	look(): void;
	/** There is a manifest of this pod. */
	has(uid: string): boolean;
	/** Static pods that are here; undefined until manifests were read. */
	pods(): readonly Pod[] | undefined;
}

export function createStaticWorkers(
	workers: ReadonlyMap<string, PodWorker>,
	start: (pod: Pod) => void,
): StaticWorkers {
	let wanted: ReadonlyMap<string, Pod> | undefined;
	const present = () => [...workers.values()].filter(({ pod }) => isStatic(pod));

	function look(): void {
		if (!wanted) return;
		for (const worker of present()) {
			if (!wanted.has(worker.pod.metadata.uid)) worker.remove(worker.pod);
		}
		const names = new Set(present().map(({ pod }) => keyOf(pod)));
		for (const pod of wanted.values()) if (!names.has(keyOf(pod))) start(pod);
	}

	return {
		tell(pods) {
			wanted = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
			look();
		},
		look,
		has: (uid) => wanted?.has(uid) ?? false,
		pods: () => wanted && present().map(({ pod }) => pod),
	};
}
