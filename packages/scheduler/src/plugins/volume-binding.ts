import { type FilterPlugin, lasting } from "../plugin.ts";
import { claimsFor, planVolumes } from "../volumes/volume-plan.ts";

/** The pod's claims must have volumes, or be able to get them, that can be reached from the node. */
export const volumeBinding: FilterPlugin = {
	name: "VolumeBinding",
	wakes: ["storage", "node-labels"],
	filter: (pod, { storage }) => {
		if (pod.claims.length === 0) return undefined;
		const claims = claimsFor(pod, storage);
		if ("refusal" in claims) return lasting(claims.refusal);
		return (node) => {
			const plan = planVolumes(claims, node, storage);
			return "refusal" in plan ? lasting(plan.refusal) : undefined;
		};
	},
};
