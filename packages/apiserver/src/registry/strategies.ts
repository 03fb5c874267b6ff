/**
 * Where the server treats single kinds differently from all others: facts of the Kubernetes API that concern writing
 * only. Everything that other packages need of a kind stands in its definition.
 */
import type {
	AnyKind,
	CertificateSigningRequest,
	CustomResourceDefinition,
	KubeObject,
	Namespace,
	Pod,
	UserInfo,
} from "@berth/api";
import { markDefinitionDeleting } from "../custom-resources/definition-deletion.ts";

export interface Strategy {
	/** A create may say the status: nodes register with what they have. */
	readonly keepsStatus?: boolean;
	/** PUT of a missing object creates it. */
	readonly createOnUpdate?: boolean;
	/** PUT without a resourceVersion is refused. */
	readonly needsResourceVersion?: boolean;
	/** DELETE answers the object that is gone, not a Status. */
	readonly answersDeleted?: boolean;
	/** Dependents are never looked for: no propagation finalizers. */
	readonly withoutDependents?: boolean;
	/** Deleted gracefully: seconds the object stays; `asked` comes from the delete options. */
	readonly gracePeriod?: (object: KubeObject, asked: number | undefined) => number;
	/** What a new object says of who makes it. */
	readonly stampMaker?: (object: KubeObject, user: UserInfo) => KubeObject;
	/** Changes made when deletion starts; the object then stays while `holds` says so. */
	readonly markDeleting?: (object: KubeObject) => KubeObject;
	/** The object has finalizers of its own beside metadata.finalizers. */
	readonly holds?: (object: KubeObject) => boolean;
}

const PLAIN: Strategy = {};
/** Of custom resources. */
const CUSTOM: Strategy = { needsResourceVersion: true };
const CREATED_BY_PUT: Strategy = { createOnUpdate: true };

const STRATEGIES: ReadonlyMap<string, Strategy> = new Map<string, Strategy>([
	["pods", { answersDeleted: true, gracePeriod: (object, asked) => podGracePeriod(object as Pod, asked) }],
	["services", { answersDeleted: true, createOnUpdate: true }],
	["nodes", { keepsStatus: true }],
	["serviceaccounts", { answersDeleted: true }],
	["events", { createOnUpdate: true, withoutDependents: true }],
	["endpoints", CREATED_BY_PUT],
	[
		"namespaces",
		{
			markDeleting: (object) => terminating(object as Namespace),
			holds: (object) => ((object as Namespace).spec?.finalizers?.length ?? 0) > 0,
		},
	],
	[
		"customresourcedefinitions.apiextensions.k8s.io",
		{
			needsResourceVersion: true,
			markDeleting: (object) => markDefinitionDeleting(object as CustomResourceDefinition),
		},
	],
	[
		"certificatesigningrequests.certificates.k8s.io",
		{ stampMaker: (object, user) => requestedBy(object as CertificateSigningRequest, user) },
	],
	["leases.coordination.k8s.io", { createOnUpdate: true, needsResourceVersion: true }],
	["roles.rbac.authorization.k8s.io", CREATED_BY_PUT],
	["rolebindings.rbac.authorization.k8s.io", CREATED_BY_PUT],
	["clusterroles.rbac.authorization.k8s.io", CREATED_BY_PUT],
	["clusterrolebindings.rbac.authorization.k8s.io", CREATED_BY_PUT],
]);

export function strategyOf(kind: AnyKind): Strategy {
	const resource = kind.group ? `${kind.plural}.${kind.group}` : kind.plural;
	return STRATEGIES.get(resource) ?? (kind.schema.foreign ? CUSTOM : PLAIN);
}

/** Nothing runs that could end gracefully when the pod has no node or has already ended. */
function podGracePeriod(pod: Pod, asked: number | undefined): number {
	if (!pod.spec.nodeName) return 0;
	if (pod.status?.phase === "Failed" || pod.status?.phase === "Succeeded") return 0;
	const seconds = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0;
	return seconds < 0 ? 1 : seconds;
}

const terminating = (namespace: Namespace): Namespace => ({
	...namespace,
	status: { ...namespace.status, phase: "Terminating" },
});

function requestedBy(request: CertificateSigningRequest, user: UserInfo): CertificateSigningRequest {
	const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...asked } = request.spec;
	const { username, uid, groups, extra } = user;
	return {
		...request,
		spec: {
			...asked,
			...(username ? { username } : {}),
			...(uid ? { uid } : {}),
			...(groups?.length ? { groups } : {}),
			...(extra && Object.keys(extra).length ? { extra } : {}),
		},
	};
}
