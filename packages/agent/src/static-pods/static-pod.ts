/** A pod from a manifest on this host, and its mirror in the API. Pure. Source: Create static Pods. */
import { createHash } from "node:crypto";
import {
	applyDefaults,
	type Draft,
	decodeObject,
	formatTime,
	isJsonObject,
	type Node,
	Pod,
	podReferences,
	validateObjectMeta,
	validateStructure,
} from "@berth/api";
import { ORIGIN } from "./origin.ts";

export interface ManifestOrigin {
	readonly nodeName: string;
	/** Path of the file. */
	readonly file: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

/** As many digits as names of pods' directories and labels were made for. */
const HASH_LENGTH = 32;
/** It stays while its manifest stays, whatever befalls the node. */
const TOLERATION = { operator: "Exists", effect: "NoExecute" } as const;
/** Without the API nobody else says what these names are worth. */
const PRIORITIES: Readonly<Record<string, number>> = {
	"system-cluster-critical": 2_000_000_000,
	"system-node-critical": 2_000_001_000,
};

/** Throws an Error that says what is wrong with the manifest. */
export function staticPod(manifest: unknown, { nodeName, file, now }: ManifestOrigin): Pod {
	if (!isJsonObject(manifest) || manifest.kind !== Pod.kind || manifest.apiVersion !== Pod.apiVersion)
		throw new Error("it is not a Pod of v1");
	const { object } = decodeObject(Pod, manifest, { fieldValidation: "Strict" });
	const hash = createHash("sha256")
		.update(JSON.stringify([nodeName, file, object]))
		.digest("hex")
		.slice(0, HASH_LENGTH);
	const { name = "", namespace = "default", labels, annotations } = object.metadata ?? {};
	const time = formatTime(now);
	// Whether it is a pod's spec is asked below.
	const { spec: given } = object as Draft<Pod>;
	const drafted: Pod = {
		apiVersion: Pod.apiVersion,
		kind: Pod.kind,
		spec: given,
		metadata: {
			name: name && `${name}-${nodeName}`,
			namespace,
			uid: hash,
			resourceVersion: "0",
			creationTimestamp: time,
			...(labels && { labels }),
			annotations: {
				...annotations,
				[ORIGIN.hash]: hash,
				[ORIGIN.source]: "file",
				[ORIGIN.seen]: time,
			},
		},
	};
	const whole = applyDefaults(Pod.schema, drafted);
	const defaulted = Pod.defaults?.(whole) ?? whole;
	refuse(defaulted);
	const { spec } = defaulted;
	const priority = PRIORITIES[spec.priorityClassName ?? ""] ?? spec.priority;
	return {
		...defaulted,
		spec: {
			...spec,
			nodeName,
			tolerations: [...(spec.tolerations ?? []), TOLERATION],
			...(priority !== undefined && { priority }),
		},
	};
}

/** What the API server would say, and what only it could give. */
function refuse(pod: Pod): void {
	const structure = [...validateObjectMeta(Pod, pod.metadata), ...validateStructure(Pod.schema, pod)];
	const errors = structure.length
		? structure
		: [...(Pod.validate?.(pod) ?? []), ...(Pod.validateCreate?.(pod) ?? [])];
	if (errors.length) throw new Error(errors.map(({ field, message }) => `${field}: ${message}`).join(", "));
	const { secrets, configMaps } = podReferences(pod);
	const wanted = [
		...(pod.spec.serviceAccountName ? ["a service account"] : []),
		...(secrets.size ? ["secrets"] : []),
		...(configMaps.size ? ["config maps"] : []),
		...(pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim) ? ["volume claims"] : []),
		...(pod.spec.resourceClaims?.length ? ["resource claims"] : []),
	];
	if (wanted.length) throw new Error(`a static pod may not refer to ${wanted.join(", ")} of the API`);
}

/** What the API is to have of it, owned by the node. */
export function mirrorOf({ metadata, spec }: Pod, node: Node): Draft<Pod> {
	const { name, namespace, labels, annotations, uid } = metadata;
	const owner = {
		apiVersion: "v1",
		kind: "Node",
		name: node.metadata.name,
		uid: node.metadata.uid,
		controller: true,
	};
	return {
		metadata: {
			name,
			namespace,
			...(labels && { labels }),
			annotations: { ...annotations, [ORIGIN.mirror]: uid },
			ownerReferences: [owner],
		},
		spec,
	};
}
