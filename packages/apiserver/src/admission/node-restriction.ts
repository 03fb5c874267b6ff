/** A node's own credentials reach no further than the node: its object, its lease, and the pods bound to it. */
import { deepEqual, Lease, Node, Pod, podReferences, ServiceAccount, type TokenRequest } from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, type AdmissionRequest, refuse } from "./admission.ts";

const USER_PREFIX = "system:node:";
const GROUP = "system:nodes";
const LEASE_NAMESPACE = "kube-node-lease";
const MIRROR = "kubernetes.io/config.mirror";
/** Labels by which others decide whom to trust with what are not the node's to set: of Kubernetes' own it has these only. */
const KUBERNETES_LABEL = /^(?:[^/]*\.)?(?:kubernetes|k8s)\.io\//;
const OWN_LABEL = /^(?:[^/]*\.)?(?:kubelet|node)\.kubernetes\.io\//;
const OWN_LABELS: ReadonlySet<string> = new Set([
	"kubernetes.io/hostname",
	"kubernetes.io/os",
	"kubernetes.io/arch",
	"beta.kubernetes.io/os",
	"beta.kubernetes.io/arch",
	"beta.kubernetes.io/instance-type",
	"topology.kubernetes.io/zone",
	"topology.kubernetes.io/region",
	"failure-domain.beta.kubernetes.io/zone",
	"failure-domain.beta.kubernetes.io/region",
]);
const isProtected = (label: string): boolean =>
	KUBERNETES_LABEL.test(label) && !OWN_LABEL.test(label) && !OWN_LABELS.has(label);

export function nodeRestriction(objects: Objects): AdmissionPlugin {
	return {
		name: "NodeRestriction",
		admit: (request) => {
			const { username = "", groups } = request.user;
			if (!groups?.includes(GROUP)) return undefined;
			const node = username.startsWith(USER_PREFIX) ? username.slice(USER_PREFIX.length) : "";
			if (!node) throw refuse(request, `could not determine node from user ${JSON.stringify(username)}`);
			restrict(request, node, objects);
			return undefined;
		},
	};
}

function restrict(request: AdmissionRequest, node: string, objects: Objects): void {
	switch (request.kind) {
		case Pod:
			return restrictPod(request, node, objects);
		case Node:
			return restrictNode(request, node);
		case Lease:
			return restrictLease(request, node);
		case ServiceAccount:
			return restrictToken(request, node, objects);
		default:
			return;
	}
}

function restrictPod(request: AdmissionRequest, node: string, objects: Objects): void {
	const { operation, subresource } = request;
	const stored = objects.of<Pod>(Pod).get(`${request.namespace}/${request.name}`)?.object;
	const pod = subresource === "eviction" ? stored : ((request.old ?? request.object) as Pod | undefined);
	const own = pod?.spec?.nodeName === node;
	const shown = JSON.stringify(node);
	if (subresource === "eviction") {
		if (own || !pod) return;
		throw refuse(request, `node ${shown} can only evict pods with spec.nodeName set to itself`);
	} else if (operation === "CREATE" && !subresource) {
		if (pod?.metadata.annotations?.[MIRROR] === undefined) {
			throw refuse(
				request,
				`pod does not have "${MIRROR}" annotation, node ${shown} can only create mirror pods`,
			);
		}
		if (!own) throw refuse(request, `node ${shown} can only create pods with spec.nodeName set to itself`);
		restrictMirror(request, pod, node, objects);
	} else if (operation === "DELETE") {
		if (own) return;
		throw refuse(request, `node ${shown} can only delete pods with spec.nodeName set to itself`);
	} else if (subresource !== "status") {
		const what = subresource
			? `unexpected pod subresource ${JSON.stringify(subresource)}`
			: 'unexpected operation "UPDATE"';
		throw refuse(request, `${what}, only "status" and "eviction" are allowed`);
	} else if (!own) {
		throw refuse(
			request,
			`node ${shown} can only update pod status for pods with spec.nodeName set to itself`,
		);
	} else if (!deepEqual(request.object?.metadata.labels ?? {}, pod?.metadata.labels ?? {})) {
		throw refuse(request, `node ${shown} cannot update labels through pod status`);
	}
}

/** A mirror belongs to its node, and gives it nothing that the node could not have without. */
function restrictMirror(request: AdmissionRequest, pod: Pod, node: string, objects: Objects): void {
	const shown = JSON.stringify(node);
	const [owner, ...others] = pod.metadata.ownerReferences ?? [];
	const wants = (what: string) =>
		refuse(request, `node ${shown} can only create pods with ${what} set to itself`);
	if (others.length) throw wants("a single owner reference");
	if (owner?.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== node)
		throw wants("an owner reference");
	if (!owner.controller) throw wants("a controller owner reference");
	if (owner.blockOwnerDeletion) {
		throw refuse(request, `node ${shown} must not set blockOwnerDeletion on an owner reference`);
	}
	const uid = objects.of<Node>(Node).get(node)?.object.metadata.uid;
	if (owner.uid !== uid) {
		throw refuse(request, `node ${node} UID mismatch: expected ${owner.uid} got ${uid ?? ""}`);
	}
	const { secrets, configMaps } = podReferences(pod);
	const named: readonly (readonly [boolean, string])[] = [
		[Boolean(pod.spec.serviceAccountName), "a service account"],
		[secrets.size > 0, "secrets"],
		[configMaps.size > 0, "configmaps"],
		[pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim) ?? false, "persistentvolumeclaims"],
		[(pod.spec.resourceClaims?.length ?? 0) > 0, "resourceclaims"],
	];
	const [, what] = named.find(([isNamed]) => isNamed) ?? [];
	if (what) throw refuse(request, `node ${shown} can not create pods that reference ${what}`);
}

function restrictNode(request: AdmissionRequest, node: string): void {
	const name = request.name || request.object?.metadata.name;
	if (name !== node) {
		throw refuse(
			request,
			`node ${JSON.stringify(node)} is not allowed to modify node ${JSON.stringify(name)}`,
		);
	}
	const before = request.old?.metadata.labels ?? {};
	const after = request.object?.metadata.labels ?? before;
	const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
		(key) => isProtected(key) && before[key] !== after[key],
	);
	if (changed.length) {
		throw refuse(
			request,
			`node ${JSON.stringify(node)} is not allowed to modify labels: ${changed.sort().join(", ")}`,
		);
	}
	if (request.operation !== "UPDATE") return;
	const taints = (object: Node | undefined) => JSON.stringify(object?.spec?.taints ?? []);
	if (taints(request.old as Node) !== taints(request.object as Node)) {
		throw refuse(request, `node ${JSON.stringify(node)} is not allowed to modify taints`);
	}
}

function restrictLease(request: AdmissionRequest, node: string): void {
	if (request.namespace !== LEASE_NAMESPACE) {
		throw refuse(
			request,
			`can only access leases in the ${JSON.stringify(LEASE_NAMESPACE)} system namespace`,
		);
	}
	if ((request.name || request.object?.metadata.name) !== node) {
		throw refuse(request, "can only access node lease with the same name as the requesting node");
	}
}

/** Tokens only for accounts that pods on this node run as, and bound to such a pod. */
function restrictToken(request: AdmissionRequest, node: string, objects: Objects): void {
	if (request.subresource !== "token") return;
	const reference = (request.object as Partial<TokenRequest> | undefined)?.spec?.boundObjectRef;
	if (reference?.kind !== "Pod" || reference.apiVersion !== "v1") {
		throw refuse(request, "node requested token not bound to a pod");
	}
	if (!reference.uid) {
		throw refuse(request, "node requested token with a pod binding without a uid");
	}
	const pod = objects.of<Pod>(Pod).get(`${request.namespace}/${reference.name}`)?.object;
	if (pod?.metadata.uid !== reference.uid) {
		throw refuse(request, "the UID in the bound object reference does not match the UID in record");
	}
	if (pod?.spec.nodeName !== node) {
		throw refuse(request, "node requested token bound to a pod scheduled on a different node");
	}
}
