/** Makes the claims of volumes that live as long as their pod: named after pod and volume, and owned by the pod. */
import {
	claimsOfPod,
	isAlreadyExists,
	isNamespaceTerminating,
	keyOf,
	PersistentVolumeClaim,
	Pod,
	type Volume,
} from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";

export function createEphemeralVolumeController(environment: ControllerEnvironment): Controller {
	const { client, informers, events } = environment;
	const pods = informers.of(Pod);
	const claims = informers.of(PersistentVolumeClaim);
	pods.index("ephemeral-claim", (pod) =>
		claimsOfPod(pod).flatMap(({ name, isEphemeral }) =>
			isEphemeral ? [`${pod.metadata.namespace}/${name}`] : [],
		),
	);

	async function reconcile(key: string) {
		const pod = pods.get(key);
		if (!pod || pod.metadata.deletionTimestamp) return undefined;
		for (const volume of pod.spec.volumes ?? []) {
			if (volume.ephemeral) await ensure(pod, volume);
		}
		return undefined;
	}

	async function ensure(pod: Pod, { name: volumeName, ephemeral }: Volume): Promise<void> {
		const { namespace = "", name: podName, uid = "" } = pod.metadata;
		const name = `${podName}-${volumeName}`;
		const found = claims.get(`${namespace}/${name}`);
		if (found) {
			const owner = found.metadata.ownerReferences?.find(({ controller }) => controller);
			if (owner?.uid === uid) return;
			throw new Error(
				`PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`,
			);
		}
		const { metadata, spec = {} } = ephemeral?.volumeClaimTemplate ?? {};
		try {
			await client.create(PersistentVolumeClaim, {
				metadata: {
					name,
					namespace,
					...(metadata?.labels && { labels: metadata.labels }),
					...(metadata?.annotations && { annotations: metadata.annotations }),
					ownerReferences: [
						{
							apiVersion: "v1",
							kind: "Pod",
							name: podName,
							uid,
							controller: true,
							blockOwnerDeletion: true,
						},
					],
				},
				spec,
			});
		} catch (error) {
			// The informer is about to show it.
			if (isAlreadyExists(error) || isNamespaceTerminating(error)) return;
			const message = error instanceof Error ? error.message : String(error);
			events.warning(pod, "FailedBinding", `ephemeral volume ${volumeName}: create PVC ${name}: ${message}`);
			throw error;
		}
	}

	return {
		name: "ephemeral-volume",
		sources: [
			watch(pods, ({ type, object }) =>
				type !== "deleted" && object.spec.volumes?.some(({ ephemeral }) => ephemeral) ? [keyOf(object)] : [],
			),
			watch(claims, ({ type, object }) =>
				type === "deleted" ? pods.by("ephemeral-claim", keyOf(object)).map(keyOf) : [],
			),
		],
		reconcile,
	};
}
