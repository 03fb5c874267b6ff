import test from "ava";
import { completed, refusals, row, sampleMeta, updateRefusals } from "../testing/samples.ts";
import { ClusterRole } from "./cluster-role.ts";
import { ClusterRoleBinding } from "./cluster-role-binding.ts";
import { Role } from "./role.ts";
import { RoleBinding } from "./role-binding.ts";
import type { PolicyRule } from "./rule.ts";
import type { RoleRef, Subject } from "./subject.ts";

const GROUP = "rbac.authorization.k8s.io";
const role = (...rules: PolicyRule[]): Role => ({
	apiVersion: `${GROUP}/v1`,
	kind: "Role",
	metadata: sampleMeta("r"),
	rules,
});
const clusterRole = (extra: Partial<ClusterRole>): ClusterRole => ({
	apiVersion: `${GROUP}/v1`,
	kind: "ClusterRole",
	metadata: sampleMeta("r", { namespace: undefined }),
	...extra,
});
const binding = (roleRef: RoleRef, ...subjects: Subject[]): RoleBinding => ({
	apiVersion: `${GROUP}/v1`,
	kind: "RoleBinding",
	metadata: sampleMeta("b"),
	roleRef,
	subjects,
});
const ref: RoleRef = { apiGroup: GROUP, kind: "Role", name: "r" };

test("rules are judged", (t) => {
	t.deepEqual(refusals(Role, role({ verbs: ["get"], apiGroups: [""], resources: ["pods"] })), []);
	t.deepEqual(refusals(Role, role({ verbs: [] })), [
		"rules[0].verbs: Required value: verbs must contain at least one value",
		"rules[0].apiGroups: Required value: resource rules must supply at least one api group",
		"rules[0].resources: Required value: resource rules must supply at least one resource",
	]);
	const paths = { verbs: ["get"], nonResourceURLs: ["/healthz"] };
	t.deepEqual(refusals(Role, role(paths)), [
		'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs',
	]);
	t.deepEqual(refusals(ClusterRole, clusterRole({ rules: [paths] })), []);
	t.deepEqual(refusals(ClusterRole, clusterRole({ rules: [{ ...paths, resources: ["pods"] }] })), [
		'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: rules cannot apply to both regular resources and non-resource URLs',
	]);
	t.deepEqual(refusals(ClusterRole, clusterRole({ aggregationRule: {} })), [
		"aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil",
	]);
});

test("bindings complete the groups", (t) => {
	const whole = completed(
		RoleBinding,
		binding({ kind: "Role", name: "r" }, { kind: "User", name: "u" }, { kind: "ServiceAccount", name: "s" }),
	);
	t.is(whole.roleRef.apiGroup, GROUP);
	t.deepEqual(whole.subjects, [
		{ kind: "User", name: "u", apiGroup: GROUP },
		{ kind: "ServiceAccount", name: "s" },
	]);
});

test("bindings are judged", (t) => {
	t.deepEqual(
		refusals(
			RoleBinding,
			binding(
				{ kind: "Rule", name: "" },
				{ kind: "Robot", name: "x" },
				{ kind: "User", name: "", apiGroup: "x" },
			),
		),
		[
			'roleRef.kind: Unsupported value: "Rule": supported values: "ClusterRole", "Role"',
			"roleRef.name: Required value",
			'subjects[0].kind: Unsupported value: "Robot": supported values: "Group", "ServiceAccount", "User"',
			"subjects[1].name: Required value",
			`subjects[1].apiGroup: Unsupported value: "x": supported values: "${GROUP}"`,
		],
	);
	const cluster: ClusterRoleBinding = {
		...binding({ ...ref, kind: "ClusterRole" }, { kind: "ServiceAccount", name: "s" }),
		kind: "ClusterRoleBinding",
	};
	t.deepEqual(refusals(ClusterRoleBinding, cluster), ["subjects[0].namespace: Required value"]);
});

test("the role of a binding stays", (t) => {
	t.deepEqual(updateRefusals(RoleBinding, binding({ ...ref, name: "other" }), binding(ref)), [
		`roleRef: Invalid value: {"apiGroup":"${GROUP}","kind":"Role","name":"other"}: cannot change roleRef`,
	]);
	t.deepEqual(updateRefusals(RoleBinding, binding(ref, { kind: "User", name: "u" }), binding(ref)), []);
});

test("prints", (t) => {
	t.deepEqual(row(Role, role()), { "Created At": "2026-01-02T11:55:00Z" });
	const subjects: Subject[] = [
		{ kind: "User", name: "a" },
		{ kind: "User", name: "b" },
		{ kind: "Group", name: "g" },
		{ kind: "ServiceAccount", namespace: "ns", name: "s" },
	];
	t.deepEqual(row(RoleBinding, binding(ref, ...subjects)), {
		Role: "Role/r",
		Age: "5m",
		Users: "a, b",
		Groups: "g",
		ServiceAccounts: "ns/s",
	});
});
