/** Claims as volumes: the persistent volume that a claim is bound to, when this host can reach it. */
import {
	isNotFound,
	matchesNodeSelectorTerms,
	Node,
	PersistentVolume,
	PersistentVolumeClaim,
	type Pod,
	type Volume,
} from "@berth/api";
import type { Client } from "@berth/client";
import type { References } from "../references.ts";
import type { PodScope } from "../step.ts";
import { setUpPersistent } from "./persistent-kinds.ts";
import { VolumeError, type VolumeKind } from "./volume-kind.ts";
import { wrongUse } from "./volume-use.ts";

export interface ClaimOptions {
	readonly client: Client;
	readonly references: References;
}

export function claimKind(options: ClaimOptions): VolumeKind {
	/** Uids of the pods that have persistent volumes to themselves, by the volumes' names. */
	const alone = new Map<string, string>();
	return {
		applies: ({ persistentVolumeClaim, ephemeral }) => (persistentVolumeClaim ?? ephemeral) !== undefined,
		readOnly: ({ persistentVolumeClaim }) => persistentVolumeClaim?.readOnly ?? false,
		async setUp(request) {
			const { volume, scope } = request;
			const persistent = await persistentVolumeOf(options, volume, scope);
			await checkReach(options.client, persistent, scope.pod);
			if (isForOnePod(persistent)) claimAlone(alone, persistent.metadata.name, scope.pod.metadata.uid);
			const readOnly = volume.persistentVolumeClaim?.readOnly ?? false;
			// Kubernetes' messages name the persistent volume, not the pod's.
			const named = { ...volume, name: persistent.metadata.name };
			try {
				return await setUpPersistent({ ...request, volume: named, persistent, readOnly });
			} catch (error) {
				if (error instanceof VolumeError) throw error;
				throw new VolumeError(
					`MountVolume.SetUp failed for volume "${named.name}" : ${error instanceof Error ? error.message : error}`,
				);
			}
		},
		async release({ uid }) {
			for (const [name, owner] of alone) if (owner === uid) alone.delete(name);
		},
	};
}

/** With several modes nobody knows which one the pod means. */
const isForOnePod = ({ spec: { accessModes = [] } }: PersistentVolume) =>
	accessModes.length === 1 && accessModes[0] === "ReadWriteOncePod";

function claimAlone(alone: Map<string, string>, name: string, uid: string): void {
	if ((alone.get(name) ?? uid) !== uid) {
		throw new VolumeError(
			`MountVolume.SetUp failed for volume "${name}" : volume uses the ReadWriteOncePod access mode and is already in use by another pod`,
		);
	}
	alone.set(name, uid);
}

/** The claim's name: its own, or that of the pod and the volume when it was made for them. */
const claimNameOf = (volume: Volume, pod: Pod): string =>
	volume.persistentVolumeClaim?.claimName ?? `${pod.metadata.name}-${volume.name}`;

async function persistentVolumeOf(
	{ references, client }: ClaimOptions,
	volume: Volume,
	scope: PodScope,
): Promise<PersistentVolume> {
	const { namespace = "", name: podName, uid } = scope.pod.metadata;
	const name = claimNameOf(volume, scope.pod);
	const refuse = (message: string): never => {
		throw new VolumeError(
			`Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached volumes=[], failed to process volumes=[${volume.name}]: error processing PVC ${namespace}/${name}: ${message}`,
		);
	};
	const claim = await references.get(PersistentVolumeClaim, namespace, name, scope.user);
	if (!claim) {
		return refuse(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
	}
	const { metadata, spec, status } = claim;
	const isForPod = metadata.ownerReferences?.some(
		({ controller, uid: owner }) => controller && owner === uid,
	);
	if (volume.ephemeral && !isForPod) {
		refuse(`PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`);
	}
	if (metadata.deletionTimestamp !== undefined) refuse("PVC is being deleted");
	const { volumeName } = spec ?? {};
	if (status?.phase !== "Bound" || !volumeName) return refuse("PVC is not bound");
	const mode = spec?.volumeMode ?? "Filesystem";
	const field = wrongUse(scope.pod, volume.name, mode);
	if (field) refuse(`volume ${volume.name} has volumeMode ${mode}, but is specified in ${field}`);
	const persistent = await client.get(PersistentVolume, { name: volumeName }).catch((error: unknown) => {
		if (!isNotFound(error)) throw error;
		return refuse(
			`failed to fetch PV ${volumeName} from API server: persistentvolumes "${volumeName}" not found`,
		);
	});
	const owner = persistent.spec.claimRef?.uid;
	if (owner === undefined) {
		refuse(
			`found PV object ${volumeName} has nil pv.Spec.ClaimRef indicating it is not yet bound to the claim`,
		);
	}
	if (owner !== metadata.uid) {
		refuse(`found PV object ${volumeName} bound to the claim with uid ${owner}, not to ${metadata.uid}`);
	}
	return persistent;
}

async function checkReach(client: Client, { metadata, spec }: PersistentVolume, pod: Pod): Promise<void> {
	const terms = spec.nodeAffinity?.required?.nodeSelectorTerms;
	if (!terms) return;
	const name = pod.spec.nodeName ?? "";
	const { labels } = (await client.get(Node, { name })).metadata;
	if (matchesNodeSelectorTerms(terms, { name, labels })) return;
	throw new VolumeError(
		`MountVolume.NodeAffinity check failed for volume "${metadata.name}" : no matching NodeSelectorTerms`,
	);
}
