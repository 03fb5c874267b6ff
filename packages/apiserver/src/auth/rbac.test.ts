import {
	ClusterRole,
	ClusterRoleBinding,
	type PolicyRule,
	Role,
	RoleBinding,
	type Subject,
} from "@berth/api";
import test from "ava";
import { requestInfo } from "../http/request-info.ts";
import { authorizerOver, type RoleSource } from "./rbac.ts";
import { attributesOf, requireAllowed } from "./require-allowed.ts";
import { formatRule, missingRules, ruleAllows } from "./rules.ts";

const metadata = (name: string, namespace?: string) => ({
	name,
	uid: name,
	resourceVersion: "1",
	creationTimestamp: "2026-01-01T00:00:00Z",
	...(namespace ? { namespace } : {}),
});
const head = (kind: { apiVersion: string; kind: string }) => ({
	apiVersion: kind.apiVersion,
	kind: kind.kind,
});
const role = (namespace: string, name: string, rules: PolicyRule[]): Role => ({
	...head(Role),
	metadata: metadata(name, namespace),
	rules,
});
const clusterRole = (name: string, rules: PolicyRule[]): ClusterRole => ({
	...head(ClusterRole),
	metadata: metadata(name),
	rules,
});
const binding = (
	namespace: string,
	kind: "Role" | "ClusterRole",
	name: string,
	subjects: Subject[],
): RoleBinding => ({
	...head(RoleBinding),
	metadata: metadata(name, namespace),
	roleRef: { kind, name, apiGroup: "rbac.authorization.k8s.io" },
	subjects,
});
const clusterBinding = (name: string, subjects: Subject[]): ClusterRoleBinding => ({
	...head(ClusterRoleBinding),
	metadata: metadata(name),
	roleRef: { kind: "ClusterRole", name, apiGroup: "rbac.authorization.k8s.io" },
	subjects,
});

const source: RoleSource = {
	roles: [
		role("default", "reader", [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "pods/log"] }]),
		role("default", "one", [
			{ verbs: ["get", "watch"], apiGroups: [""], resources: ["secrets"], resourceNames: ["a"] },
		]),
	],
	clusterRoles: [
		clusterRole("scaler", [{ verbs: ["*"], apiGroups: ["*"], resources: ["*/scale"] }]),
		clusterRole("paths", [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/openapi/*"] }]),
	],
	roleBindings: [
		binding("default", "Role", "reader", [{ kind: "User", name: "jane" }]),
		binding("default", "Role", "one", [{ kind: "ServiceAccount", name: "bot", namespace: "ci" }]),
		binding("default", "ClusterRole", "gone", [{ kind: "User", name: "lost" }]),
	],
	clusterRoleBindings: [
		clusterBinding("scaler", [{ kind: "Group", name: "ops" }]),
		clusterBinding("paths", [{ kind: "Group", name: "system:authenticated" }]),
	],
};
const rbac = authorizerOver(source);
const ask = (username: string, groups: string[], method: string, url: string) =>
	rbac.authorize({ username, groups }, attributesOf(requestInfo(method, url))).allowed;
const message = (username: string, method: string, url: string) => {
	try {
		requireAllowed(rbac, { username }, attributesOf(requestInfo(method, url)));
		return "allowed";
	} catch (error) {
		return error instanceof Error ? error.message : "";
	}
};

test("roles hold in their namespace, for their verbs, resources and subresources", (t) => {
	t.true(ask("jane", [], "GET", "/api/v1/namespaces/default/pods"));
	t.true(ask("jane", [], "GET", "/api/v1/namespaces/default/pods/a/log"));
	t.false(ask("jane", [], "GET", "/api/v1/namespaces/default/pods/a/exec"));
	t.false(ask("jane", [], "GET", "/api/v1/namespaces/other/pods"));
	t.false(ask("jane", [], "GET", "/api/v1/pods"));
	t.false(ask("jane", [], "DELETE", "/api/v1/namespaces/default/pods/a"));
	t.false(ask("system:serviceaccount:ci:jane", [], "GET", "/api/v1/namespaces/default/pods"));
});

test("names, service accounts, groups, wildcards and masters", (t) => {
	const bot = "system:serviceaccount:ci:bot";
	t.true(ask(bot, [], "GET", "/api/v1/namespaces/default/secrets/a"));
	t.false(ask(bot, [], "GET", "/api/v1/namespaces/default/secrets/b"));
	t.false(ask(bot, [], "GET", "/api/v1/namespaces/default/secrets?watch=1"));
	t.true(ask(bot, [], "GET", "/api/v1/namespaces/default/secrets?watch=1&fieldSelector=metadata.name%3Da"));
	t.true(ask("x", ["ops"], "PUT", "/apis/apps/v1/namespaces/a/deployments/b/scale"));
	t.false(ask("x", ["ops"], "PUT", "/apis/apps/v1/namespaces/a/deployments/b"));
	t.true(ask("x", ["system:masters"], "DELETE", "/api/v1/nodes/a"));
	t.true(ask("x", ["system:authenticated"], "GET", "/openapi/v3/apis"));
	t.false(ask("x", ["system:authenticated"], "GET", "/openapi"));
	t.false(ask("x", ["system:authenticated"], "POST", "/healthz"));
});

test("refusals in Kubernetes' words", (t) => {
	t.is(
		message("joe", "GET", "/api/v1/namespaces/default/pods"),
		'pods is forbidden: User "joe" cannot list resource "pods" in API group "" in the namespace "default"',
	);
	t.is(
		message("joe", "GET", "/api/v1/namespaces/default/pods/x"),
		'pods "x" is forbidden: User "joe" cannot get resource "pods" in API group "" in the namespace "default"',
	);
	t.is(
		message("joe", "GET", "/apis/apps/v1/deployments"),
		'deployments.apps is forbidden: User "joe" cannot list resource "deployments" in API group "apps" at the cluster scope',
	);
	t.is(
		message("joe", "POST", "/api/v1/namespaces/default/pods/x/exec"),
		'pods "x" is forbidden: User "joe" cannot create resource "pods/exec" in API group "" in the namespace "default"',
	);
	t.is(message("joe", "GET", "/metrics"), 'forbidden: User "joe" cannot get path "/metrics"');
	t.regex(
		message("lost", "GET", "/api/v1/namespaces/default/pods"),
		/: RBAC: clusterrole\.rbac\.authorization\.k8s\.io "gone" not found$/,
	);
});

test("a namespace's own roles may grant the namespace itself", (t) => {
	const attributes = attributesOf(requestInfo("GET", "/api/v1/namespaces/default"));
	t.like(attributes, { resource: "namespaces", namespace: "default", name: "default" });
});

test("missing permissions are named, held ones are not", (t) => {
	const held: PolicyRule[] = [
		{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "services"] },
		{ verbs: ["*"], apiGroups: ["apps"], resources: ["*"] },
		{ verbs: ["get"], nonResourceURLs: ["/healthz/*"] },
	];
	const missing = (rule: PolicyRule) => missingRules(held, [rule])?.map(formatRule);
	t.deepEqual(missing({ verbs: ["get"], apiGroups: ["", "apps"], resources: ["pods"] }), []);
	t.deepEqual(missing({ verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] }), []);
	t.deepEqual(missing({ verbs: ["get"], nonResourceURLs: ["/healthz/x"] }), []);
	t.deepEqual(
		missing({ verbs: ["get", "watch", "delete"], apiGroups: [""], resources: ["pods", "pods/log"] }),
		[
			'{APIGroups:[""], Resources:["pods/log"], Verbs:["get" "watch" "delete"]}',
			'{APIGroups:[""], Resources:["pods"], Verbs:["watch" "delete"]}',
		],
	);
	t.deepEqual(missing({ verbs: ["get"], nonResourceURLs: ["/healthz"] }), [
		'{NonResourceURLs:["/healthz"], Verbs:["get"]}',
	]);
	const many = Array.from({ length: 300 }, (_, i) => `x${i}`);
	t.is(missingRules(held, [{ verbs: many, apiGroups: many, resources: many }]), undefined);
	const everything: PolicyRule[] = [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];
	t.deepEqual(missingRules(everything, [{ verbs: many, apiGroups: many, resources: many }]), []);
});

test("a rule without resources or paths allows nothing", (t) => {
	t.false(ruleAllows({ verbs: ["*"] }, { verb: "get", path: "/" }));
	t.false(ruleAllows({ verbs: ["*"] }, { verb: "get", group: "", resource: "pods" }));
	t.false(ruleAllows({ verbs: ["*"], apiGroups: ["*"] }, { verb: "get", group: "", resource: "pods" }));
});
