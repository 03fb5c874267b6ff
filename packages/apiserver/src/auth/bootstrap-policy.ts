/** The roles and bindings every cluster starts with, and which of them are missing. Data and arithmetic; no effects. */
import {
	ClusterRole,
	ClusterRoleBinding,
	type Draft,
	type PolicyRule,
	Role,
	RoleBinding,
	type Subject,
} from "@berth/api";
import { CONTROLLER_ACCOUNTS, SYSTEM_ROLES } from "./policy/component-roles.ts";
import { on, type PolicyRole } from "./policy/rule.ts";
import { USER_ROLES } from "./policy/user-roles.ts";
import { missingRules } from "./rules.ts";

const GROUP = "rbac.authorization.k8s.io";
/** Objects whose owner set this to "false" are left as they are. */
const AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

const metadata = (name: string, namespace?: string) => ({
	name,
	...(namespace === undefined ? {} : { namespace }),
	labels: { "kubernetes.io/bootstrapping": "rbac-defaults" },
	annotations: { [AUTO_UPDATE]: "true" },
});

const group = (name: string): Subject => ({ kind: "Group", apiGroup: GROUP, name });
const user = (name: string): Subject => ({ kind: "User", apiGroup: GROUP, name });
const account = (name: string): Subject => ({ kind: "ServiceAccount", name, namespace: "kube-system" });

const clusterRole = ({ name, rules, labels, aggregates }: PolicyRole): Draft<ClusterRole> => {
	const own = metadata(name);
	return {
		apiVersion: ClusterRole.apiVersion,
		kind: ClusterRole.kind,
		metadata: { ...own, labels: { ...own.labels, ...labels } },
		rules,
		...(aggregates === undefined
			? {}
			: { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregates]: "true" } }] } }),
	};
};

const clusterBinding = (
	name: string,
	subjects: readonly Subject[],
	role = name,
): Draft<ClusterRoleBinding> => ({
	apiVersion: ClusterRoleBinding.apiVersion,
	kind: ClusterRoleBinding.kind,
	metadata: metadata(name),
	subjects,
	roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: role },
});

export const CLUSTER_ROLES: readonly Draft<ClusterRole>[] = [...USER_ROLES, ...SYSTEM_ROLES].map(clusterRole);

export const CLUSTER_ROLE_BINDINGS: readonly Draft<ClusterRoleBinding>[] = [
	clusterBinding("cluster-admin", [group("system:masters")]),
	clusterBinding("system:discovery", [group("system:authenticated")]),
	clusterBinding("system:basic-user", [group("system:authenticated")]),
	clusterBinding("system:public-info-viewer", [
		group("system:authenticated"),
		group("system:unauthenticated"),
	]),
	clusterBinding("system:monitoring", [group("system:monitoring")]),
	clusterBinding("system:service-account-issuer-discovery", [group("system:serviceaccounts")]),
	clusterBinding("system:node", [group("system:nodes")]),
	clusterBinding("system:node-proxier", [user("system:kube-proxy"), group("system:nodes")]),
	clusterBinding("system:kube-scheduler", [user("system:kube-scheduler")]),
	clusterBinding("system:kube-controller-manager", [user("system:kube-controller-manager")]),
	...CONTROLLER_ACCOUNTS.map((entry) => clusterBinding(entry.role, [account(entry.account)])),
];

/** Roles inside kube-system. */
export const ROLES: readonly Draft<Role>[] = [
	{
		apiVersion: Role.apiVersion,
		kind: Role.kind,
		metadata: metadata("extension-apiserver-authentication-reader", "kube-system"),
		rules: [
			{
				...on(["get", "list", "watch"], "", "configmaps"),
				resourceNames: ["extension-apiserver-authentication"],
			},
		],
	},
];

export const ROLE_BINDINGS: readonly Draft<RoleBinding>[] = [
	{
		apiVersion: RoleBinding.apiVersion,
		kind: RoleBinding.kind,
		metadata: metadata("system:extension-apiserver-authentication-reader", "kube-system"),
		subjects: [user("system:kube-controller-manager"), user("system:kube-scheduler")],
		roleRef: { apiGroup: GROUP, kind: "Role", name: "extension-apiserver-authentication-reader" },
	},
];

interface Annotated {
	readonly metadata: { readonly annotations?: Readonly<Record<string, string>> | undefined };
}
const mayTouch = (existing: Annotated): boolean => existing.metadata.annotations?.[AUTO_UPDATE] !== "false";

/** The role with what `wanted` adds to it; undefined when nothing is missing. What people added stays. */
export function mendRole<T extends Annotated & { readonly rules?: readonly PolicyRule[] | undefined }>(
	existing: T,
	wanted: { readonly rules?: readonly PolicyRule[] | undefined },
): T | undefined {
	if (!mayTouch(existing)) return undefined;
	const missing = missingRules(existing.rules ?? [], wanted.rules ?? []) ?? [];
	return missing.length ? { ...existing, rules: [...(existing.rules ?? []), ...missing] } : undefined;
}

/** The binding with the subjects that `wanted` adds; undefined when none is missing. */
export function mendBinding<T extends Annotated & { readonly subjects?: readonly Subject[] | undefined }>(
	existing: T,
	wanted: { readonly subjects?: readonly Subject[] | undefined },
): T | undefined {
	if (!mayTouch(existing)) return undefined;
	const has = (subject: Subject) =>
		existing.subjects?.some(
			({ kind, name, namespace }) =>
				kind === subject.kind && name === subject.name && namespace === subject.namespace,
		);
	const missing = (wanted.subjects ?? []).filter((subject) => !has(subject));
	return missing.length ? { ...existing, subjects: [...(existing.subjects ?? []), ...missing] } : undefined;
}
