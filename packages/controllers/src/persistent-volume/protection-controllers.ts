/**
 * Storage that is in use is not taken away: a claim goes when no pod uses it any more, a volume when no claim holds it.
 * The finalizers are set when the objects are created (see the admission plugin StorageObjectInUseProtection).
 */
import {
	CLAIM_PROTECTION,
	claimsOfPod,
	isPodTerminal,
	type Kind,
	type KubeObject,
	keyOf,
	PersistentVolume,
	PersistentVolumeClaim,
	Pod,
	VOLUME_PROTECTION,
} from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";

export function createClaimProtectionController(environment: ControllerEnvironment): Controller {
	const { client, informers } = environment;
	const claims = informers.of(PersistentVolumeClaim);
	const pods = informers.of(Pod);
	const claimKeys = (pod: Pod) => claimsOfPod(pod).map(({ name }) => `${pod.metadata.namespace}/${name}`);
	pods.index("claim", claimKeys);
	/** Pods without a node have not touched it, and those that have ended will not again. */
	const isUsed = (key: string) =>
		pods.by("claim", key).some((pod) => pod.spec.nodeName && !isPodTerminal(pod));
	return {
		name: "pvc-protection",
		sources: [
			watch(claims, ({ object }) => (object.metadata.deletionTimestamp ? [keyOf(object)] : [])),
			watch(pods, ({ type, object }) =>
				type === "deleted" || isPodTerminal(object) ? claimKeys(object) : [],
			),
		],
		reconcile: async (key) => {
			const claim = claims.get(key);
			if (claim?.metadata.deletionTimestamp && !isUsed(key))
				await release(PersistentVolumeClaim, claim, CLAIM_PROTECTION, client);
			return undefined;
		},
	};
}

export function createVolumeProtectionController({ client, informers }: ControllerEnvironment): Controller {
	const volumes = informers.of(PersistentVolume);
	return {
		name: "pv-protection",
		sources: [watch(volumes, ({ object }) => (object.metadata.deletionTimestamp ? [keyOf(object)] : []))],
		reconcile: async (key) => {
			const volume = volumes.get(key);
			if (volume?.metadata.deletionTimestamp && volume.status?.phase !== "Bound")
				await release(PersistentVolume, volume, VOLUME_PROTECTION, client);
			return undefined;
		},
	};
}

async function release<T extends KubeObject>(
	kind: Kind<T>,
	object: T,
	finalizer: string,
	client: ControllerEnvironment["client"],
): Promise<void> {
	const { finalizers = [] } = object.metadata;
	if (!finalizers.includes(finalizer)) return;
	const left = finalizers.filter((each) => each !== finalizer);
	await client.update(kind, { ...object, metadata: { ...object.metadata, finalizers: left } });
}
