import { tolerates } from "@berth/api";
import { type FilterPlugin, lasting } from "../plugin.ts";

const CORDONED = lasting("node(s) were unschedulable");
const CORDON = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

/** A cordoned node takes only pods that tolerate the taint a cordon stands for. */
export const nodeUnschedulable: FilterPlugin = {
	name: "NodeUnschedulable",
	wakes: ["node-schedulable"],
	filter: ({ pod }) => {
		if (pod.spec.tolerations?.some((toleration) => tolerates(toleration, CORDON))) return undefined;
		return (node) => (node.unschedulable ? CORDONED : undefined);
	},
};
