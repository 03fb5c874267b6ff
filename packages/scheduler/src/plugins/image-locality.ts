/** A node that has the images already starts the pod sooner. */
import type { ScorePlugin } from "../plugin.ts";

/** Less than this, in bytes, is pulled too quickly to matter, and more than this for each container matters no more. */
const LEAST = 23 * 2 ** 20;
const MOST = 1_000 * 2 ** 20;

export const imageLocality: ScorePlugin = {
	name: "ImageLocality",
	weight: 1,
	score: ({ images }, snapshot, nodes) => {
		// What few nodes have counts for less, or they would draw all pods to themselves.
		const total = snapshot.nodes.length;
		const present = images
			.map((name) => ({ name, share: snapshot.nodesWithImage(name) / total }))
			.filter(({ share }) => share > 0);
		if (present.length === 0) return undefined;
		const most = MOST * images.length;
		return nodes.map((node) => {
			let sum = 0;
			for (const { name, share } of present) sum += (node.images.get(name) ?? 0) * share;
			return (100 * (Math.min(Math.max(sum, LEAST), most) - LEAST)) / (most - LEAST);
		});
	},
};
