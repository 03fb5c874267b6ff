import type { FilterPlugin } from "../plugin.ts";

/** A pod that already names its node fits nowhere else. */
export const nodeName: FilterPlugin = {
	name: "NodeName",
	wakes: [],
	filter: ({ pod: { spec } }) => {
		if (!spec.nodeName) return undefined;
		return ({ name }) =>
			name === spec.nodeName ? undefined : "node(s) didn't match the requested node name";
	},
};
