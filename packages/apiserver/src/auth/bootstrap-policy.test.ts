import type { ClusterRole, ClusterRoleBinding, Draft, KubeObject } from "@berth/api";
import test from "ava";
import { requestInfo } from "../http/request-info.ts";
import {
	CLUSTER_ROLE_BINDINGS,
	CLUSTER_ROLES,
	mendBinding,
	mendRole,
	ROLE_BINDINGS,
	ROLES,
} from "./bootstrap-policy.ts";
import { authorizerOver } from "./rbac.ts";
import { attributesOf } from "./require-allowed.ts";

const stored = <T extends KubeObject>(drafts: readonly Draft<T>[]): T[] =>
	drafts.map(
		(draft) =>
			({
				...draft,
				metadata: {
					uid: "u",
					resourceVersion: "1",
					creationTimestamp: "2026-01-01T00:00:00Z",
					...draft.metadata,
				},
			}) as unknown as T,
	);
const rbac = authorizerOver({
	roles: stored(ROLES),
	clusterRoles: stored(CLUSTER_ROLES),
	roleBindings: stored(ROLE_BINDINGS),
	clusterRoleBindings: stored(CLUSTER_ROLE_BINDINGS),
});
const may = (username: string, groups: string[], method: string, url: string) =>
	rbac.authorize({ username, groups }, attributesOf(requestInfo(method, url))).allowed;

test("every binding names a role that exists, every name is used once", (t) => {
	const names = CLUSTER_ROLES.map((role) => role.metadata.name);
	t.is(new Set(names).size, names.length);
	for (const binding of CLUSTER_ROLE_BINDINGS)
		t.true(names.includes(binding.roleRef.name), binding.roleRef.name);
});

test("everybody sees health and version, only known users discover", (t) => {
	for (const path of ["/livez", "/readyz", "/healthz", "/version"]) {
		t.true(may("system:anonymous", ["system:unauthenticated"], "GET", path), path);
	}
	for (const path of ["/api", "/apis/apps/v1", "/openapi/v3", "/metrics"]) {
		t.false(may("system:anonymous", ["system:unauthenticated"], "GET", path), path);
	}
	t.true(may("jane", ["system:authenticated"], "GET", "/apis/apps/v1"));
	t.false(may("jane", ["system:authenticated"], "GET", "/metrics"));
	t.true(
		may("jane", ["system:authenticated"], "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
	);
	t.false(may("jane", ["system:authenticated"], "GET", "/api/v1/namespaces"));
});

test("parts of the cluster may do their own work and no other's", (t) => {
	const node = ["system:nodes", "system:authenticated"];
	t.true(may("system:node:a", node, "PATCH", "/api/v1/nodes/a/status"));
	t.true(may("system:node:a", node, "GET", "/api/v1/pods?watch=1"));
	t.false(may("system:node:a", node, "POST", "/apis/apps/v1/namespaces/a/deployments"));
	t.false(may("system:node:a", node, "DELETE", "/api/v1/namespaces/a"));
	t.true(may("system:kube-scheduler", [], "POST", "/api/v1/namespaces/a/pods/b/binding"));
	t.false(may("system:kube-scheduler", [], "GET", "/api/v1/secrets"));
	const controller = (name: string) => `system:serviceaccount:kube-system:${name}-controller`;
	t.true(may(controller("replicaset"), [], "POST", "/api/v1/namespaces/a/pods"));
	t.false(may(controller("replicaset"), [], "POST", "/apis/apps/v1/namespaces/a/replicasets"));
	t.true(
		may(controller("generic-garbage-collector"), [], "DELETE", "/apis/apps/v1/namespaces/a/replicasets/b"),
	);
	t.true(may(controller("root-ca-certificate-publisher"), [], "POST", "/api/v1/namespaces/a/configmaps"));
	t.false(may("system:kube-controller-manager", [], "DELETE", "/api/v1/namespaces/a/pods/b"));
});

test("mending adds what is missing, keeps what people added, and can be switched off", (t) => {
	const [wanted] = CLUSTER_ROLES.filter((role) => role.metadata.name === "system:basic-user");
	const [role] = stored<ClusterRole>(wanted ? [wanted] : []);
	if (!wanted || !role) return t.fail();
	t.is(mendRole(role, wanted), undefined);
	const own = { verbs: ["get"], apiGroups: ["x"], resources: ["y"] };
	const changed = { ...role, rules: [own, ...(role.rules ?? []).slice(1)] };
	const mended = mendRole(changed, wanted);
	t.deepEqual(mended?.rules?.[0], own);
	t.is(mended && mendRole(mended, wanted), undefined);
	const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "false" };
	t.is(mendRole({ ...changed, metadata: { ...changed.metadata, annotations } }, wanted), undefined);
	const [bound] = stored<ClusterRoleBinding>(CLUSTER_ROLE_BINDINGS.slice(0, 1));
	t.truthy(bound);
	t.is(bound && mendBinding({ ...bound, subjects: [] }, bound)?.subjects?.length, 1);
	t.is(bound && mendBinding(bound, bound), undefined);
	return undefined;
});
