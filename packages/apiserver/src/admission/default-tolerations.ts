/** Pods stay five minutes on a node that is lost or not ready, unless they say otherwise. */
import { Pod, type Toleration } from "@berth/api";
import { type AdmissionPlugin, isAbout } from "./admission.ts";

const SECONDS = 300;
const KEYS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

export function defaultTolerations(): AdmissionPlugin {
	return {
		name: "DefaultTolerationSeconds",
		admit: (request) => {
			if (!isAbout(request, Pod) || request.operation === "DELETE" || !request.object) return undefined;
			const pod = request.object as Pod;
			const tolerations = pod.spec.tolerations ?? [];
			const added = KEYS.filter((key) => !tolerations.some((toleration) => covers(toleration, key))).map(
				(key): Toleration => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: SECONDS }),
			);
			if (!added.length) return undefined;
			return { ...pod, spec: { ...pod.spec, tolerations: [...tolerations, ...added] } };
		},
	};
}

/** The pod has its own word about this taint. */
const covers = ({ key, effect }: Toleration, taint: string): boolean =>
	(key === taint || !key) && (effect === "NoExecute" || !effect);
