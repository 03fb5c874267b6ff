/**
 * Which volume fulfils a claim: its class, its modes, at least its size, its labels.
 * Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding
 */
import { matchesNodeSelectorTerms, type NodeFacts } from "../../machinery/node-selector.ts";
import { compareQuantities } from "../../machinery/quantity.ts";
import { selectorOf } from "../../machinery/selector.ts";
import { storageClassNameOf } from "../storage/class-of-claim.ts";
import type { PersistentVolume } from "./persistent-volume.ts";
import type { PersistentVolumeClaim } from "./persistent-volume-claim.ts";

/** Names of annotations by which claims, volumes, scheduler and provisioners tell each other how far they are. */
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/** Finalizers that keep a claim while a pod uses it, and a volume while a claim holds it. */
export const CLAIM_PROTECTION = "kubernetes.io/pvc-protection";
export const VOLUME_PROTECTION = "kubernetes.io/pv-protection";

/** Stands for a provisioner where there is none: volumes of the class are made by hand. */
export const NO_PROVISIONER = "kubernetes.io/no-provisioner";

export interface MatchOptions {
	/** Only volumes that can be reached from there. */
	readonly node?: NodeFacts | undefined;
	/** Names of volumes that are spoken for. */
	readonly taken?: ReadonlySet<string> | undefined;
	/** Only a volume that is reserved for the claim: which other one it gets depends on where its pod will run. */
	readonly onlyReserved?: boolean;
}

/** The volume that is reserved for the claim, or else the smallest free one that will do. */
export function matchingVolume(
	claim: PersistentVolumeClaim,
	volumes: readonly PersistentVolume[],
	{ node, taken, onlyReserved = false }: MatchOptions = {},
): PersistentVolume | undefined {
	const selector = claim.spec.selector ? selectorOf(claim.spec.selector) : undefined;
	let best: PersistentVolume | undefined;
	for (const volume of volumes) {
		const { metadata, spec, status } = volume;
		if (taken?.has(metadata.name) || metadata.deletionTimestamp) continue;
		const isReserved = isReservedFor(volume, claim);
		if (spec.claimRef && !isReserved) continue;
		if (whyUnsuitable(claim, volume)) continue;
		if (node && !isReachableFrom(volume, node)) continue;
		if (isReserved) return volume;
		if (onlyReserved || status?.phase !== "Available") continue;
		if (selector && !selector.matches(metadata.labels)) continue;
		if (!best || compareQuantities(sizeOf(volume), sizeOf(best)) < 0) best = volume;
	}
	return best;
}

/** The volume says that it is for this claim, by name at least. */
export const isReservedFor = ({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean =>
	spec.claimRef?.name === metadata.name &&
	spec.claimRef.namespace === metadata.namespace &&
	(!spec.claimRef.uid || spec.claimRef.uid === metadata.uid);

/** The volume as the claim's own. A reservation by hand stays one when the claim is gone: only others are marked. */
export function givenTo(claim: PersistentVolumeClaim, volume: PersistentVolume): PersistentVolume {
	const { namespace, name, uid, resourceVersion } = claim.metadata;
	const { metadata, spec } = volume;
	if (spec.claimRef?.uid === uid) return volume;
	const reference = { kind: "PersistentVolumeClaim", apiVersion: "v1" };
	return {
		...volume,
		metadata: spec.claimRef ? metadata : marked(metadata, BOUND_BY_CONTROLLER),
		spec: { ...spec, claimRef: { ...reference, namespace, name, uid, resourceVersion } },
	};
}

/** With an annotation whose presence is all that counts. */
export function marked<M extends { readonly annotations?: Readonly<Record<string, string>> | undefined }>(
	metadata: M,
	annotation: string,
): M {
	if (metadata.annotations?.[annotation] !== undefined) return metadata;
	return { ...metadata, annotations: { ...metadata.annotations, [annotation]: "yes" } };
}

export const isReachableFrom = ({ spec }: PersistentVolume, node: NodeFacts): boolean => {
	const required = spec.nodeAffinity?.required;
	return !required || matchesNodeSelectorTerms(required.nodeSelectorTerms, node);
};

/** What of the volume is not as the claim wants it, as Kubernetes words it; its labels apart. */
export function whyUnsuitable(claim: PersistentVolumeClaim, volume: PersistentVolume): string | undefined {
	const size = claim.spec.resources?.requests?.storage ?? "0";
	if (compareQuantities(sizeOf(volume), size) < 0) return "requested PV is too small";
	if ((storageClassNameOf(claim) ?? "") !== (storageClassNameOf(volume) ?? ""))
		return "storageClassName does not match";
	if ((claim.spec.volumeAttributesClassName ?? "") !== (volume.spec.volumeAttributesClassName ?? ""))
		return "volumeAttributesClassName does not match";
	if ((claim.spec.volumeMode ?? "Filesystem") !== (volume.spec.volumeMode ?? "Filesystem"))
		return "incompatible volumeMode";
	if (!(claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode)))
		return "incompatible accessMode";
	return undefined;
}

const sizeOf = ({ spec }: PersistentVolume): string => spec.capacity?.storage ?? "0";

/** The claim has the volume that it names, and both know. */
export const isFullyBound = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
	Boolean(spec.volumeName) && metadata.annotations?.[BIND_COMPLETED] !== undefined;
