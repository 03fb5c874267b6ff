/** What a claim and its volume should say of each other. Pure. */
import {
	BIND_COMPLETED,
	BOUND_BY_CONTROLLER,
	defaultStorageClassOf,
	givenTo,
	isFullyBound,
	isReservedFor,
	marked,
	matchingVolume,
	NO_PROVISIONER,
	type PersistentVolume,
	type PersistentVolumeClaim,
	SELECTED_NODE,
	type StorageClass,
	storageClassNameOf,
	whyUnsuitable,
} from "@berth/api";

export interface StorageWorld {
	readonly volumes: readonly PersistentVolume[];
	readonly classes: readonly StorageClass[];
	readonly volume: (name: string) => PersistentVolume | undefined;
}

export interface Note {
	readonly type: "normal" | "warning";
	readonly reason: string;
	readonly message: string;
}

/** The objects as they should be; absent where they stay as they are. Both include the status. */
export interface BindingPlan {
	readonly volume?: PersistentVolume | undefined;
	readonly claim?: PersistentVolumeClaim | undefined;
	/** For those who look at the claim. */
	readonly note?: Note | undefined;
}

/** `phaseSince`: now, as volumes write it. */
export function planClaim(
	claim: PersistentVolumeClaim,
	world: StorageWorld,
	phaseSince: string,
): BindingPlan {
	if (isFullyBound(claim)) return planBound(claim, world, phaseSince);
	if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined)
		return lost(
			claim,
			"ClaimLost",
			"Bound claim has lost reference to PersistentVolume. Data on the volume is lost!",
		);
	return claim.spec.volumeName
		? planNamed(claim, claim.spec.volumeName, world, phaseSince)
		: planOpen(claim, world, phaseSince);
}

/** It names no volume yet: the best one there is, as soon as it is known where it will be used. */
function planOpen(claim: PersistentVolumeClaim, world: StorageWorld, phaseSince: string): BindingPlan {
	const className = storageClassNameOf(claim);
	const preferred = className === undefined ? defaultStorageClassOf(world.classes) : undefined;
	// A default class that came later is good for claims that still wait.
	if (preferred)
		return { claim: { ...claim, spec: { ...claim.spec, storageClassName: preferred.metadata.name } } };
	const storageClass = world.classes.find(({ metadata }) => metadata.name === className);
	const selectedNode = claim.metadata.annotations?.[SELECTED_NODE];
	const waits = storageClass?.volumeBindingMode === "WaitForFirstConsumer" && selectedNode === undefined;
	const found = matchingVolume(claim, world.volumes, { onlyReserved: waits });
	if (found) return bind(claim, found, phaseSince);
	if (waits) {
		return pending(claim, {
			type: "normal",
			reason: "WaitForFirstConsumer",
			message: "waiting for first consumer to be created before binding",
		});
	}
	if (!className) {
		return pending(claim, {
			type: "normal",
			reason: "FailedBinding",
			message: "no persistent volumes available for this claim and no storage class is set",
		});
	}
	return provision(claim, className, storageClass);
}

/** Somebody outside makes volumes of the class, and is told by an annotation that one is wanted. */
function provision(
	claim: PersistentVolumeClaim,
	className: string,
	storageClass: StorageClass | undefined,
): BindingPlan {
	const failed = (message: string) =>
		pending(claim, { type: "warning", reason: "ProvisioningFailed", message });
	if (!storageClass) return failed(`storageclass.storage.k8s.io ${JSON.stringify(className)} not found`);
	const { provisioner } = storageClass;
	if (provisioner === NO_PROVISIONER) return failed(`no volume plugin matched name: ${provisioner}`);
	const annotations = {
		...claim.metadata.annotations,
		"volume.beta.kubernetes.io/storage-provisioner": provisioner,
		"volume.kubernetes.io/storage-provisioner": provisioner,
	};
	const plan = pending(claim, {
		type: "normal",
		reason: "ExternalProvisioning",
		message:
			`Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the ` +
			"system administrator. If volume creation is delayed, please verify that the provisioner is running and " +
			"correctly registered.",
	});
	return { ...plan, claim: { ...(plan.claim ?? claim), metadata: { ...claim.metadata, annotations } } };
}

/** Its maker names the volume. */
function planNamed(
	claim: PersistentVolumeClaim,
	name: string,
	world: StorageWorld,
	phaseSince: string,
): BindingPlan {
	const volume = world.volume(name);
	// It may still come.
	if (!volume) return pending(claim);
	const { claimRef } = volume.spec;
	if (claimRef && !isReservedFor(volume, claim)) {
		return pending(claim, {
			type: "warning",
			reason: "FailedBinding",
			message: `volume ${JSON.stringify(name)} already bound to a different claim.`,
		});
	}
	const mismatch = claimRef?.uid ? undefined : whyUnsuitable(claim, volume);
	if (mismatch) {
		return pending(claim, {
			type: "warning",
			reason: "VolumeMismatch",
			message: `Cannot bind to requested volume ${JSON.stringify(name)}: ${mismatch}`,
		});
	}
	return bind(claim, volume, phaseSince);
}

/** Both have known each other: the volume may have gone, or have been given away by hand. */
function planBound(claim: PersistentVolumeClaim, world: StorageWorld, phaseSince: string): BindingPlan {
	const volume = world.volume(claim.spec.volumeName ?? "");
	if (!volume)
		return lost(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
	if (volume.spec.claimRef && !isReservedFor(volume, claim)) {
		return lost(
			claim,
			"ClaimMisbound",
			"Two claims are bound to the same volume, this one is bound incorrectly",
		);
	}
	return bind(claim, volume, phaseSince);
}

/** The volume first: whoever has its reference has won it. */
function bind(claim: PersistentVolumeClaim, volume: PersistentVolume, phaseSince: string): BindingPlan {
	const isNewlyNamed = claim.spec.volumeName !== volume.metadata.name;
	return {
		volume: withPhase(givenTo(claim, volume), "Bound", phaseSince),
		claim: {
			...claim,
			metadata: marked(
				isNewlyNamed ? marked(claim.metadata, BOUND_BY_CONTROLLER) : claim.metadata,
				BIND_COMPLETED,
			),
			spec: isNewlyNamed ? { ...claim.spec, volumeName: volume.metadata.name } : claim.spec,
			status: {
				...claim.status,
				phase: "Bound",
				accessModes: volume.spec.accessModes,
				// A volume that is being made larger says so itself.
				capacity: claim.status?.phase === "Bound" ? claim.status.capacity : volume.spec.capacity,
			},
		},
	};
}

/** Sets the phase, and when it changed; what was said of an older phase is forgotten. */
export function withPhase(
	volume: PersistentVolume,
	phase: NonNullable<PersistentVolume["status"]>["phase"],
	since: string,
	failure?: string,
): PersistentVolume {
	// What others wrote into the status of a volume that stays in its phase is theirs.
	if (volume.status?.phase === phase) return volume;
	return {
		...volume,
		status: { phase, ...(failure && { message: failure }), lastPhaseTransitionTime: since },
	};
}

const pending = (claim: PersistentVolumeClaim, note?: Note): BindingPlan => ({
	claim: { ...claim, status: { ...claim.status, phase: "Pending" } },
	note,
});

const lost = (claim: PersistentVolumeClaim, reason: string, message: string): BindingPlan =>
	claim.status?.phase === "Lost"
		? {}
		: {
				claim: { ...claim, status: { phase: "Lost" } },
				note: { type: "warning", reason, message },
			};
