import { type FilterPlugin, objection } from "../plugin.ts";

const IN_USE = objection(
	"node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode",
);

/** A claim of the mode ReadWriteOncePod is used by one pod at a time, wherever that is. */
export const volumeRestrictions: FilterPlugin = {
	name: "VolumeRestrictions",
	wakes: ["pod-gone"],
	looksAround: true,
	filter: ({ claims, namespace }, snapshot) => {
		const isTaken = claims.some(({ name }) => {
			const key = `${namespace}/${name}`;
			const isForOne = snapshot.storage.claim(key)?.spec.accessModes?.includes("ReadWriteOncePod");
			return isForOne && snapshot.isClaimUsed(key);
		});
		return isTaken ? () => IN_USE : undefined;
	},
};
