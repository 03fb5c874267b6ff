/** Role-based access control over the caches of roles and bindings. */
import {
	type AnyKind,
	ClusterRole,
	ClusterRoleBinding,
	type Kind,
	type KubeObject,
	type Logger,
	type PolicyRule,
	Role,
	RoleBinding,
	type RoleRef,
	type Subject,
	type UserInfo,
} from "@berth/api";
import { follow } from "../store/follow.ts";
import type { Objects } from "../store/objects.ts";
import type { Attributes, Authorizer, Decision } from "./auth.ts";
import { ruleAllows } from "./rules.ts";

/** Members may do everything, whatever roles say: the way in when roles are broken. */
export const MASTERS = "system:masters";

const POLICY_KINDS: readonly AnyKind[] = [Role, ClusterRole, RoleBinding, ClusterRoleBinding];

const EVERYTHING: readonly PolicyRule[] = [
	{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
	{ verbs: ["*"], nonResourceURLs: ["*"] },
];

/** What one binding gives to each of its subjects. */
interface Grant {
	/** Absent: everywhere. */
	readonly namespace: string | undefined;
	/** A problem text instead of rules when the role does not exist. */
	readonly rules: readonly PolicyRule[] | string;
}

export interface RoleSource {
	readonly roles: readonly Role[];
	readonly clusterRoles: readonly ClusterRole[];
	readonly roleBindings: readonly RoleBinding[];
	readonly clusterRoleBindings: readonly ClusterRoleBinding[];
}

export interface Rbac extends Authorizer, AsyncDisposable {}

/** Follows the caches until disposed. The index is made again at the first question after a change. */
export function createRbac({ objects, log }: { objects: Objects; log: Logger }): Rbac {
	let authorizer: Authorizer | undefined;
	const stop = new AbortController();
	const following = POLICY_KINDS.map((kind) =>
		follow(objects.of(kind), stop.signal, log, () => {
			authorizer = undefined;
		}),
	);
	const current = (): Authorizer => {
		authorizer ??= authorizerOver({
			roles: all(objects, Role),
			clusterRoles: all(objects, ClusterRole),
			roleBindings: all(objects, RoleBinding),
			clusterRoleBindings: all(objects, ClusterRoleBinding),
		});
		return authorizer;
	};
	return {
		authorize: (user, attributes) => current().authorize(user, attributes),
		rules: (user, namespace) => current().rules(user, namespace),
		[Symbol.asyncDispose]: async () => {
			stop.abort();
			await Promise.all(following);
		},
	};
}

const all = <T extends KubeObject>(objects: Objects, kind: Kind<T>): readonly T[] =>
	objects
		.of<T>(kind)
		.list()
		.map((cached) => cached.object);

/** Decides over a fixed set of roles and bindings. */
export function authorizerOver(source: RoleSource): Authorizer {
	const grants = indexGrants(source);
	const grantsOf = function* (user: UserInfo, namespace: string | undefined): Iterable<Grant> {
		const subjects = [`u:${user.username ?? ""}`, ...(user.groups ?? []).map((group) => `g:${group}`)];
		for (const subject of subjects) {
			for (const grant of grants.get(subject) ?? []) {
				if (grant.namespace === undefined || grant.namespace === namespace) yield grant;
			}
		}
	};
	return {
		authorize: (user, attributes): Decision => {
			if (user.groups?.includes(MASTERS)) return { allowed: true };
			const problems = new Set<string>();
			for (const { rules } of grantsOf(user, namespaceOf(attributes))) {
				if (typeof rules === "string") problems.add(rules);
				else if (rules.some((rule) => ruleAllows(rule, attributes))) return { allowed: true };
			}
			return { allowed: false, reason: problems.size ? `RBAC: ${formatProblems([...problems])}` : "" };
		},
		rules: (user, namespace) => {
			if (user.groups?.includes(MASTERS)) return EVERYTHING;
			return [...grantsOf(user, namespace)].flatMap(({ rules }) => (typeof rules === "string" ? [] : rules));
		},
	};
}

const namespaceOf = (attributes: Attributes): string | undefined =>
	"path" in attributes ? undefined : attributes.namespace;

const formatProblems = (problems: readonly string[]): string =>
	problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`;

function indexGrants(source: RoleSource): ReadonlyMap<string, readonly Grant[]> {
	const clusterRoles = new Map(source.clusterRoles.map((role) => [role.metadata.name, role]));
	const roles = new Map(
		source.roles.map((role) => [`${role.metadata.namespace}/${role.metadata.name}`, role]),
	);
	const rulesOf = (ref: RoleRef, namespace: string | undefined): Grant["rules"] => {
		const role = ref.kind === "Role" ? roles.get(`${namespace}/${ref.name}`) : clusterRoles.get(ref.name);
		return role
			? (role.rules ?? [])
			: `${ref.kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(ref.name)} not found`;
	};
	const index = new Map<string, Grant[]>();
	for (const binding of [...source.clusterRoleBindings, ...source.roleBindings]) {
		const { namespace } = binding.metadata;
		const grant = { namespace, rules: rulesOf(binding.roleRef, namespace) };
		for (const subject of binding.subjects ?? []) {
			const key = subjectKey(subject, namespace);
			const list = index.get(key);
			if (list) list.push(grant);
			else index.set(key, [grant]);
		}
	}
	return index;
}

/** A service account is the user it authenticates as; without a namespace it is the binding's own. */
function subjectKey(subject: Subject, namespace: string | undefined): string {
	if (subject.kind === "Group") return `g:${subject.name}`;
	if (subject.kind === "User") return `u:${subject.name}`;
	return `u:system:serviceaccount:${subject.namespace ?? namespace ?? ""}:${subject.name}`;
}
