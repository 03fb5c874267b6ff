/** The claims of a stateful set's pods: their names, what they ask for, and who they belong to. Pure. */
import {
	controllerOf,
	controllerReference,
	type Draft,
	type OwnerReference,
	type PersistentVolumeClaim,
	Pod,
	type StatefulSet,
	type Volume,
} from "@berth/api";
import { isWanted, ordinalOf } from "./identity.ts";

type ClaimTemplate = NonNullable<StatefulSet["spec"]["volumeClaimTemplates"]>[number];

const claimName = (set: StatefulSet, template: ClaimTemplate, ordinal: number): string =>
	`${template.metadata?.name}-${set.metadata.name}-${ordinal}`;

/** Names of all claims of the pod with this number. */
export const claimNames = (set: StatefulSet, ordinal: number): readonly string[] =>
	(set.spec.volumeClaimTemplates ?? []).map((template) => claimName(set, template, ordinal));

/** The claims of the pod with this number, as they are made. */
export const claimsOf = (set: StatefulSet, ordinal: number): readonly Draft<PersistentVolumeClaim>[] =>
	(set.spec.volumeClaimTemplates ?? []).map((template) => {
		const owners = claimOwners(set, undefined, ordinal);
		return {
			metadata: {
				name: claimName(set, template, ordinal),
				namespace: set.metadata.namespace,
				labels: { ...template.metadata?.labels, ...set.spec.selector?.matchLabels },
				annotations: template.metadata?.annotations,
				...(owners.length ? { ownerReferences: owners } : {}),
			},
			spec: template.spec ?? {},
		};
	});

/** Volumes of the pod with this number: its claims, and of the template's what does not have the name of a claim. */
export function claimVolumes(
	set: StatefulSet,
	ordinal: number,
	volumes: readonly Volume[],
): readonly Volume[] {
	const claims = (set.spec.volumeClaimTemplates ?? []).map((template) => ({
		name: template.metadata?.name ?? "",
		persistentVolumeClaim: { claimName: claimName(set, template, ordinal) },
	}));
	const names = new Set(claims.map(({ name }) => name));
	return [...claims, ...volumes.filter(({ name }) => !names.has(name))];
}

/**
 * The owners that a claim's references must and must not have, after the set's retention policy (KEP-1847): a claim goes
 * with the set, or with its pod once that is scaled away. Undefined when all is as it should be.
 */
export function ownersToMend(
	set: StatefulSet,
	pod: Pod,
	claim: PersistentVolumeClaim,
): readonly OwnerReference[] | undefined {
	const ordinal = ordinalOf(set, pod.metadata.name);
	if (ordinal === undefined) return undefined;
	const references = claim.metadata.ownerReferences ?? [];
	const others = references.filter(({ uid }) => uid !== set.metadata.uid && uid !== pod.metadata.uid);
	// Somebody else looks after it: not ours to give away.
	if (others.some(({ controller }) => controller)) return undefined;
	const wanted = claimOwners(set, pod, ordinal);
	const present = references.filter((reference) => !others.includes(reference));
	const isRight = wanted.length === present.length && wanted.every(({ uid }) => present[0]?.uid === uid);
	return isRight ? undefined : [...others, ...wanted];
}

/** The pod that it was given to is gone: the claim is about to go as well, and must not be used again. */
export function isStale(claim: PersistentVolumeClaim, podName: string, pod: Pod | undefined): boolean {
	if (claim.metadata.deletionTimestamp) return true;
	const owner = controllerOf(claim);
	return owner?.kind === Pod.kind && owner.name === podName && owner.uid !== pod?.metadata.uid;
}

function claimOwners(set: StatefulSet, pod: Pod | undefined, ordinal: number): readonly OwnerReference[] {
	const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
	if (whenScaled === "Delete" && !isWanted(set, ordinal)) return pod ? [controllerReference(pod)] : [];
	return whenDeleted === "Delete" ? [controllerReference(set)] : [];
}
