/** The subresources served behind each kind, as discovery and OpenAPI name them. */
import type { AnyKind } from "@berth/api";

export interface GroupVersionKind {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
}

export interface Subresource {
	readonly name: string;
	/** What its bodies are. */
	readonly kind: GroupVersionKind;
	readonly verbs: readonly string[];
}

const core = (kind: string): GroupVersionKind => ({ group: "", version: "v1", kind });
const READ_WRITE = ["get", "patch", "update"];
const PROXY = ["create", "delete", "get", "patch", "update"];

/** By group and plural. Status and scale follow from the kind itself. */
const SPECIAL: Readonly<Record<string, readonly Subresource[]>> = {
	"/pods": [
		{ name: "attach", kind: core("PodAttachOptions"), verbs: ["create", "get"] },
		{ name: "binding", kind: core("Binding"), verbs: ["create"] },
		{ name: "ephemeralcontainers", kind: core("Pod"), verbs: READ_WRITE },
		{ name: "eviction", kind: { group: "policy", version: "v1", kind: "Eviction" }, verbs: ["create"] },
		{ name: "exec", kind: core("PodExecOptions"), verbs: ["create", "get"] },
		{ name: "log", kind: core("Pod"), verbs: ["get"] },
		{ name: "portforward", kind: core("PodPortForwardOptions"), verbs: ["create", "get"] },
		{ name: "proxy", kind: core("PodProxyOptions"), verbs: PROXY },
		{ name: "resize", kind: core("Pod"), verbs: READ_WRITE },
	],
	"/nodes": [{ name: "proxy", kind: core("NodeProxyOptions"), verbs: PROXY }],
	"/services": [{ name: "proxy", kind: core("ServiceProxyOptions"), verbs: PROXY }],
	"certificates.k8s.io/certificatesigningrequests": [
		{
			name: "approval",
			kind: { group: "certificates.k8s.io", version: "v1", kind: "CertificateSigningRequest" },
			verbs: READ_WRITE,
		},
	],
	"/namespaces": [{ name: "finalize", kind: core("Namespace"), verbs: ["update"] }],
	"/serviceaccounts": [
		{
			name: "token",
			kind: { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" },
			verbs: ["create"],
		},
	],
};

/** Kinds that are served behind others only: they have no collection of their own. */
const BEHIND_OTHERS = new Set(["authentication.k8s.io/tokenrequests", "policy/evictions"]);

export const isTopLevel = (kind: AnyKind): boolean => !BEHIND_OTHERS.has(`${kind.group}/${kind.plural}`);

/** In alphabetical order. */
export function subresourcesOf(kind: AnyKind): readonly Subresource[] {
	const { group, version, plural } = kind;
	return [
		...(SPECIAL[`${group}/${plural}`] ?? []),
		...(kind.hasStatus
			? [{ name: "status", kind: { group, version, kind: kind.kind }, verbs: READ_WRITE }]
			: []),
		...(kind.scale
			? [{ name: "scale", kind: { group: "autoscaling", version: "v1", kind: "Scale" }, verbs: READ_WRITE }]
			: []),
	].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
