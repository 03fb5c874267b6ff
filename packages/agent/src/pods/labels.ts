/**
 * What the agent writes on every container, so that its state can be rebuilt from Docker alone. The `io.kubernetes.`
 * labels are those that monitoring tools know from other Kubernetes hosts.
 */
import type { Pod } from "@berth/api";

export const LABEL = {
	/** Name of the node whose agent made the container: only those are its own. */
	node: "berth.node",
	pod: "io.kubernetes.pod.name",
	namespace: "io.kubernetes.pod.namespace",
	uid: "io.kubernetes.pod.uid",
	/** Name of the container within its pod, or SANDBOX. */
	container: "io.kubernetes.container.name",
	/** Counts from 0 for each name; the newest is the restart count. */
	attempt: "berth.attempt",
	/** Id of the pause container whose namespaces it joined. */
	sandbox: "berth.sandbox",
	/** Milliseconds to wait before the next attempt when this one ends soon. */
	backoff: "berth.backoff",
	/** `repository@sha256:…` of its image, where a registry gave it one. */
	digest: "berth.digest",
	/** JSON: paths of its mounts below which nothing can be written either. */
	recursiveReadOnly: "berth.recursive-read-only",
	/** JSON: the exact images, as statuses show them, that its mounts are of, by their paths. */
	volumeImages: "berth.volume-images",
	/** See rounds.ts; absent in the first. */
	round: "berth.round",
	/** Bytes it asked for when it was made, where it runs anew to ask for others. */
	memoryRequest: "berth.memory-request",
	/** Seconds from the stop signal to the kill, for when nobody can be asked any more. */
	grace: "berth.grace",
} as const;

/** Value of LABEL.container on pause containers: no DNS label, so no container can have it. */
export const SANDBOX = "POD";

/** The identity of a pod on its host. */
export interface PodId {
	readonly namespace: string;
	readonly name: string;
	readonly uid: string;
}

export const podIdOf = (pod: Pod): PodId => ({
	namespace: pod.metadata.namespace ?? "",
	name: pod.metadata.name,
	uid: pod.metadata.uid,
});

export interface ContainerIdentity {
	readonly node: string;
	readonly pod: PodId;
	/** A container's name, or SANDBOX. */
	readonly container: string;
	readonly attempt: number;
}

/** Unique on the host: two agents cannot make the same container twice. */
export const containerName = ({ pod, container, attempt }: ContainerIdentity): string =>
	["berth", container, pod.name, pod.namespace, pod.uid, attempt].join("_");

export const identityLabels = ({
	node,
	pod,
	container,
	attempt,
}: ContainerIdentity): Record<string, string> => ({
	[LABEL.node]: node,
	[LABEL.pod]: pod.name,
	[LABEL.namespace]: pod.namespace,
	[LABEL.uid]: pod.uid,
	[LABEL.container]: container,
	[LABEL.attempt]: `${attempt}`,
});
