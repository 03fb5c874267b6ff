/** What becomes of a volume: free, held by a claim, left behind by one, or what its reclaim policy says. Pure. */
import {
	BOUND_BY_CONTROLLER,
	type PersistentVolume,
	type PersistentVolumeClaim,
	PROVISIONED_BY,
} from "@berth/api";
import { type Note, withPhase } from "./plan-claim.ts";

export interface VolumePlan {
	/** As it should be, its status included; absent where it stays as it is. */
	readonly volume?: PersistentVolume | undefined;
	readonly note?: Note | undefined;
	/** The claim it is for should be looked at. */
	readonly claim?: string | undefined;
}

/** `claim` is the one its reference names, if there is one of that name. */
export function planVolume(
	volume: PersistentVolume,
	claim: PersistentVolumeClaim | undefined,
	since: string,
): VolumePlan {
	const { claimRef } = volume.spec;
	if (!claimRef) return { volume: withPhase(volume, "Available", since) };
	const key = `${claimRef.namespace}/${claimRef.name}`;
	// Reserved for a claim that may come: whoever comes first under that name has it.
	if (!claimRef.uid) return { volume: withPhase(volume, "Available", since), claim: key };
	if (!claim || claim.metadata.uid !== claimRef.uid) return reclaim(volume, since);
	if (!claim.spec.volumeName) return { claim: key };
	if (claim.spec.volumeName === volume.metadata.name)
		return { volume: withPhase(volume, "Bound", since), claim: key };
	// The claim has taken another one.
	if (isMadeOnDemand(volume) && volume.spec.persistentVolumeReclaimPolicy === "Delete")
		return reclaim(volume, since);
	return { volume: withPhase(released(volume), "Available", since) };
}

const isMadeOnDemand = ({ metadata }: PersistentVolume) =>
	metadata.annotations?.[PROVISIONED_BY] !== undefined;

/** Free again: a reservation made by hand stays, for whichever claim has the name next. */
function released(volume: PersistentVolume): PersistentVolume {
	const { [BOUND_BY_CONTROLLER]: mark, ...annotations } = volume.metadata.annotations ?? {};
	const { claimRef, ...spec } = volume.spec;
	if (mark !== undefined) return { ...volume, metadata: { ...volume.metadata, annotations }, spec };
	const { uid: _, resourceVersion: __, ...reservation } = claimRef ?? {};
	return { ...volume, spec: { ...spec, claimRef: reservation } };
}

/** Nobody empties or deletes the directory of a host here: what cannot be done is said, not pretended. */
function reclaim(volume: PersistentVolume, since: string): VolumePlan {
	const left = withPhase(volume, "Released", since);
	const { persistentVolumeReclaimPolicy: policy } = volume.spec;
	if (policy === "Retain" || volume.status?.phase === "Failed")
		return volume.status?.phase === "Failed" ? {} : { volume: left };
	// Whoever made it deletes it, once it is released.
	if (policy === "Delete" && isMadeOnDemand(volume)) return { volume: left };
	const [reason, message] =
		policy === "Delete"
			? [
					"VolumeFailedDelete",
					`error getting deleter volume plugin for volume ${JSON.stringify(volume.metadata.name)}: no deletable volume plugin matched`,
				]
			: ["VolumeFailedRecycle", "No recycler plugin found for the volume!"];
	return { volume: withPhase(volume, "Failed", since, message), note: { type: "warning", reason, message } };
}
