import { type FilterPlugin, lasting } from "../plugin.ts";

const ELSEWHERE = lasting("node(s) didn't match the requested node name");

/** A pod that already names its node fits nowhere else. */
export const nodeName: FilterPlugin = {
	name: "NodeName",
	wakes: [],
	filter: ({ pod: { spec } }) => {
		if (!spec.nodeName) return undefined;
		return ({ name }) => (name === spec.nodeName ? undefined : ELSEWHERE);
	},
};
