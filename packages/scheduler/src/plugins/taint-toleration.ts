import { tolerates, untolerated } from "@berth/api";
import { type FilterPlugin, lasting, type ScorePlugin, scaled } from "../plugin.ts";

const NAME = "TaintToleration";
const TAINTED = lasting("node(s) had untolerated taint(s)");

/** Taints keep pods away that do not tolerate them … */
export const taintToleration: FilterPlugin = {
	name: NAME,
	wakes: ["node-taints"],
	filter: ({ pod }) => {
		const tolerations = pod.spec.tolerations ?? [];
		return ({ taints }) => {
			if (taints.length === 0) return undefined;
			return untolerated(taints, tolerations, ["NoSchedule", "NoExecute"]) && TAINTED;
		};
	},
};

/** … and taints that only prefer others make a node the worse the more there are. */
export const taintPreference: ScorePlugin = {
	name: NAME,
	weight: 3,
	score: ({ pod }, _snapshot, nodes) => {
		const tolerations = pod.spec.tolerations ?? [];
		const bothering = nodes.map(({ taints }) => {
			if (taints.length === 0) return 0;
			return -taints.filter(
				(taint) => taint.effect === "PreferNoSchedule" && !tolerations.some((each) => tolerates(each, taint)),
			).length;
		});
		return scaled(bothering);
	},
};
