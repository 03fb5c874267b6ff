/** Nobody may hand out rights they do not have: checked on every write of roles and bindings. */
import { isDeepStrictEqual } from "node:util";
import {
	ClusterRole,
	ClusterRoleBinding,
	type KubeObject,
	notFound,
	type PolicyRule,
	Role,
	RoleBinding,
	type RoleRef,
} from "@berth/api";
import { type AdmissionPlugin, type AdmissionRequest, isAbout, refuse } from "../admission/admission.ts";
import type { Objects } from "../store/objects.ts";
import type { Authorizer } from "./auth.ts";
import { formatRule, formatStrings, missingRules } from "./rules.ts";

const GROUP = "rbac.authorization.k8s.io";

/** The permission that lifts the check: `escalate` on a role, `bind` on the role that a binding names. */
export function rbacEscalation(options: { authorizer: Authorizer; objects: Objects }): AdmissionPlugin {
	const { authorizer, objects } = options;
	const mayAnyway = ({ user, namespace }: AdmissionRequest, verb: string, resource: string, name: string) =>
		authorizer.authorize(user, { verb, group: GROUP, resource, namespace, name }).allowed;

	const checkRole = (
		request: AdmissionRequest,
		role: Role | ClusterRole,
		old: Role | ClusterRole | undefined,
	) => {
		const aggregation = "aggregationRule" in role ? role.aggregationRule : undefined;
		const oldAggregation = old && "aggregationRule" in old ? old.aggregationRule : undefined;
		if (old && isDeepStrictEqual(old.rules, role.rules) && isDeepStrictEqual(aggregation, oldAggregation))
			return;
		if (mayAnyway(request, "escalate", request.kind.plural, request.name || role.metadata.name)) return;
		requireHeld(authorizer, request, role.rules ?? []);
		if (aggregation && missingFor(authorizer, request, EVERYTHING)?.length !== 0) {
			throw refuse(request, "must have cluster-admin privileges to use an aggregationRule");
		}
	};

	const checkBinding = (
		request: AdmissionRequest,
		binding: RoleBinding | ClusterRoleBinding,
		old: RoleBinding | ClusterRoleBinding | undefined,
	) => {
		const same = ({ roleRef, subjects }: typeof binding) => [roleRef, subjects ?? []];
		if (old && isDeepStrictEqual(same(old), same(binding))) return;
		const { roleRef } = binding;
		const kind = roleRef.kind === "Role" ? Role : ClusterRole;
		if (mayAnyway(request, "bind", kind.plural, roleRef.name)) return;
		const role = roleNamed(objects, roleRef, request.namespace);
		if (!role) throw notFound({ group: GROUP, resource: kind.plural }, roleRef.name);
		requireHeld(authorizer, request, role.rules ?? []);
	};

	return {
		name: "RbacEscalation",
		validate: (request) => {
			const { object, old } = request;
			if (!object || request.operation === "DELETE") return;
			if (isAbout(request, Role) || isAbout(request, ClusterRole)) {
				checkRole(request, asRole(object), old && asRole(old));
			} else if (isAbout(request, RoleBinding) || isAbout(request, ClusterRoleBinding)) {
				checkBinding(request, asBinding(object), old && asBinding(old));
			}
		},
	};
}

const EVERYTHING: readonly PolicyRule[] = [
	{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
	{ verbs: ["*"], nonResourceURLs: ["*"] },
];

/** The kind in the request has told what the object is. */
const asRole = (object: KubeObject): Role | ClusterRole => object;
const asBinding = (object: KubeObject): RoleBinding | ClusterRoleBinding => object as RoleBinding;

function roleNamed(
	objects: Objects,
	ref: RoleRef,
	namespace: string | undefined,
): Role | ClusterRole | undefined {
	return ref.kind === "Role"
		? objects.of<Role>(Role).get(`${namespace}/${ref.name}`)?.object
		: objects.of<ClusterRole>(ClusterRole).get(ref.name)?.object;
}

function missingFor(
	authorizer: Authorizer,
	{ user, namespace }: AdmissionRequest,
	wanted: readonly PolicyRule[],
) {
	return missingRules(authorizer.rules(user, namespace), wanted);
}

function requireHeld(authorizer: Authorizer, request: AdmissionRequest, wanted: readonly PolicyRule[]): void {
	const missing = missingFor(authorizer, request, wanted);
	if (missing?.length === 0) return;
	const { username = "", groups } = request.user;
	const list = (missing ?? wanted).map(formatRule).toSorted().join("\n");
	throw refuse(
		request,
		`user ${JSON.stringify(username)} (groups=${formatStrings(groups)}) is attempting to grant RBAC permissions not currently held:\n${list}`,
	);
}
