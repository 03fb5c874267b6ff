/**
 * What every pod finds at /var/run/secrets/kubernetes.io/serviceaccount: a token of its service account that the agent
 * keeps fresh, the cluster's authority, and its namespace. Pure.
 */
import type { Container, Pod, ServiceAccount, Volume } from "@berth/api";
import { generateName } from "../registry/metadata.ts";

const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const PREFIX = "kube-api-access-";
/** An hour, and a little: the real server's mark of a token it may extend for old clients. */
const LIFETIME = 3607;
/** 0644 */
const MODE = 420;

/**
 * The pod with the volume mounted where nothing is mounted yet; the pod itself when it wants none. Validation comes
 * later: required fields may still be missing.
 */
export function withTokenVolume(pod: Pod, account: ServiceAccount, random: () => number): Pod {
	const wanted = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
	if (!wanted) return pod;
	const existing = pod.spec.volumes?.find(({ name }) => `${name}`.startsWith(PREFIX));
	const name = existing?.name ?? generateName(PREFIX, random);
	const mounted = (container: Container): Container =>
		container.volumeMounts?.some(({ mountPath }) => mountPath === MOUNT_PATH)
			? container
			: {
					...container,
					volumeMounts: [...(container.volumeMounts ?? []), { name, mountPath: MOUNT_PATH, readOnly: true }],
				};
	const containers = (pod.spec.containers ?? []).map(mounted);
	const initContainers = pod.spec.initContainers?.map(mounted);
	const isUsed = [...containers, ...(initContainers ?? [])].some(({ volumeMounts }) =>
		volumeMounts?.some((mount) => mount.name === name),
	);
	if (!isUsed) return pod;
	return {
		...pod,
		spec: {
			...pod.spec,
			containers,
			...(initContainers ? { initContainers } : {}),
			volumes: existing ? pod.spec.volumes : [...(pod.spec.volumes ?? []), tokenVolume(name)],
		},
	};
}

const tokenVolume = (name: string): Volume => ({
	name,
	projected: {
		defaultMode: MODE,
		sources: [
			{ serviceAccountToken: { expirationSeconds: LIFETIME, path: "token" } },
			{ configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
			{
				downwardAPI: {
					items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
				},
			},
		],
	},
});
