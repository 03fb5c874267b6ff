/** A new node takes no pods until the node controller has seen it ready. */
import { Node, type Taint } from "@berth/api";
import { type AdmissionPlugin, isAbout } from "./admission.ts";

const NOT_READY: Taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

export function taintNewNodes(): AdmissionPlugin {
	return {
		name: "TaintNodesByCondition",
		admit: (request) => {
			if (!isAbout(request, Node) || request.operation !== "CREATE" || !request.object) return undefined;
			const node = request.object as Node;
			const taints = node.spec?.taints ?? [];
			if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect))
				return undefined;
			return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } };
		},
	};
}
