/** `/runningpods`: the pods that have something running, as their containers alone tell of them. Pure. */
import { LABEL, SANDBOX } from "../pods/labels.ts";
import type { ContainerInfo } from "../runtime/runtime.ts";

export function runningPods(
	containers: readonly Pick<ContainerInfo, "labels" | "state" | "image">[],
): object {
	const running = containers.filter(({ state }) => state === "running");
	const byPod = Map.groupBy(running, ({ labels }) => labels[LABEL.uid] ?? "");
	return {
		kind: "PodList",
		apiVersion: "v1",
		metadata: {},
		items: [...byPod].map(([uid, of]) => ({
			metadata: { name: of[0]?.labels[LABEL.pod], namespace: of[0]?.labels[LABEL.namespace], uid },
			spec: {
				containers: of
					.filter(({ labels }) => labels[LABEL.container] !== SANDBOX)
					.map(({ labels, image }) => ({ name: labels[LABEL.container], image, resources: {} })),
			},
			status: {},
		})),
	};
}
