/** Which volumes a pod would use on a node. Pure. */
import {
	isFullyBound,
	isReachableFrom,
	isReservedFor,
	keyOf,
	matchingVolume,
	NO_PROVISIONER,
	type PersistentVolume,
	type PersistentVolumeClaim,
	SELECTED_NODE,
	type StorageClass,
	storageClassNameOf,
} from "@berth/api";
import type { NodeInfo } from "../cluster/node-info.ts";
import type { PodInfo } from "../cluster/pod-info.ts";
import type { Storage } from "../cluster/storage.ts";

/** Claims of one pod, by what the scheduler has to do about them. */
export interface ClaimsOfPod {
	readonly bound: readonly PersistentVolumeClaim[];
	/** They get their volume once it is known where the pod will run. */
	readonly open: readonly PersistentVolumeClaim[];
}

/** What must be written, and come true, before the pod can be bound to the node. */
export interface VolumePlan {
	readonly bindings: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
	/** Claims whose volumes are to be made where the pod runs. */
	readonly provisions: readonly PersistentVolumeClaim[];
}

export type NoPlan = { readonly refusal: string };

/** Sorts the pod's claims; a refusal holds for every node. */
export function claimsFor({ claims, namespace, pod }: PodInfo, storage: Storage): ClaimsOfPod | NoPlan {
	const bound: PersistentVolumeClaim[] = [];
	const open: PersistentVolumeClaim[] = [];
	let waits = false;
	for (const { name, isEphemeral } of claims) {
		const claim = storage.claim(`${namespace}/${name}`);
		if (!claim) {
			return {
				refusal: isEphemeral
					? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${JSON.stringify(name)}`
					: `persistentvolumeclaim ${JSON.stringify(name)} not found`,
			};
		}
		const { metadata, spec, status } = claim;
		if (status?.phase === "Lost") {
			return {
				refusal: `persistentvolumeclaim ${JSON.stringify(name)} bound to non-existent persistentvolume ${JSON.stringify(spec.volumeName ?? "")}`,
			};
		}
		if (metadata.deletionTimestamp)
			return { refusal: `persistentvolumeclaim ${JSON.stringify(name)} is being deleted` };
		const owner = metadata.ownerReferences?.find(({ controller }) => controller);
		if (isEphemeral && owner?.uid !== pod.metadata.uid)
			return {
				refusal: `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`,
			};
		if (isFullyBound(claim)) bound.push(claim);
		else if (!spec.volumeName && waitsForConsumer(claim, storage)) open.push(claim);
		else waits = true;
	}
	return waits ? { refusal: "pod has unbound immediate PersistentVolumeClaims" } : { bound, open };
}

/** What keeps the pod's volumes from being used on the node, or how they would be. */
export function planVolumes(
	{ bound, open }: ClaimsOfPod,
	node: NodeInfo,
	storage: Storage,
): VolumePlan | NoPlan {
	for (const { spec } of bound) {
		const volume = storage.volume(spec.volumeName ?? "");
		if (!volume)
			return { refusal: "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)" };
		if (!isReachableFrom(volume, node))
			return { refusal: "node(s) didn't match PersistentVolume's node affinity" };
	}
	const bindings: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
	const provisions: PersistentVolumeClaim[] = [];
	const taken = new Set<string>();
	for (const claim of open) {
		const selected = claim.metadata.annotations?.[SELECTED_NODE];
		const free = storage.volumes.filter(({ metadata: { name } }) => {
			const holder = storage.promisedTo(name);
			return !taken.has(name) && (holder === undefined || holder === keyOf(claim));
		});
		const volume = selected === undefined ? matchingVolume(claim, free, { node }) : undefined;
		if (volume) {
			taken.add(volume.metadata.name);
			bindings.push({ claim, volume });
		} else if (selected === undefined ? canProvision(claim, node, storage) : selected === node.name) {
			provisions.push(claim);
		} else {
			return { refusal: "node(s) didn't find available persistent volumes to bind" };
		}
	}
	return { bindings, provisions };
}

/** What is missing before the pod can be bound to a node that its volumes allow; undefined when nothing is. */
export function missingVolumes(pod: PodInfo, node: NodeInfo, storage: Storage): VolumePlan | undefined {
	if (pod.claims.length === 0) return undefined;
	const claims = claimsFor(pod, storage);
	const plan = "refusal" in claims ? claims : planVolumes(claims, node, storage);
	if ("refusal" in plan || (plan.bindings.length === 0 && plan.provisions.length === 0)) return undefined;
	return plan;
}

/** The volume has been given to the claim already, by name and uid. */
export const isGiven = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
	isReservedFor(volume, claim) && volume.spec.claimRef?.uid === claim.metadata.uid;

const classOf = (claim: PersistentVolumeClaim, storage: Storage): StorageClass | undefined =>
	storage.storageClass(storageClassNameOf(claim) ?? "");

const waitsForConsumer = (claim: PersistentVolumeClaim, storage: Storage): boolean =>
	classOf(claim, storage)?.volumeBindingMode === "WaitForFirstConsumer";

function canProvision(claim: PersistentVolumeClaim, { labels }: NodeInfo, storage: Storage): boolean {
	const storageClass = classOf(claim, storage);
	if (!storageClass || storageClass.provisioner === NO_PROVISIONER) return false;
	const topologies = storageClass.allowedTopologies ?? [];
	return (
		topologies.length === 0 ||
		topologies.some(({ matchLabelExpressions = [] }) =>
			matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? "")),
		)
	);
}
