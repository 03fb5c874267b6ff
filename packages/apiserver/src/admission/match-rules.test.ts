import { Deployment, HorizontalPodAutoscaler, Namespace, Pod, type RuleWithOperations } from "@berth/api";
import test from "ava";
import type { AdmissionRequest } from "./admission.ts";
import { matchedKind } from "./match-rules.ts";

const rule = (more: Partial<RuleWithOperations>): RuleWithOperations => ({
	operations: ["CREATE"],
	apiGroups: [""],
	apiVersions: ["v1"],
	resources: ["pods"],
	...more,
});
type Asked = Pick<AdmissionRequest, "operation" | "kind" | "subresource" | "namespace">;
const create: Asked = { operation: "CREATE", kind: Pod, namespace: "default" };
const matches = (one: RuleWithOperations, asked: Partial<Asked> = {}) =>
	matchedKind([one], { ...create, ...asked }, () => []) !== undefined;

test("operations, groups and versions, by name or by star", (t) => {
	t.true(matches(rule({})));
	t.true(matches(rule({ operations: ["*"], apiGroups: ["*"], apiVersions: ["*"] })));
	t.false(matches(rule({ operations: ["UPDATE"] })));
	t.false(matches(rule({ apiGroups: ["apps"] })));
	t.false(matches(rule({ apiVersions: ["v2"] })));
	t.false(matches({}));
});

test("resources and subresources", (t) => {
	const table: readonly (readonly [string, string | undefined, boolean])[] = [
		["pods", undefined, true],
		["pods", "status", false],
		["pods/status", "status", true],
		["pods/status", undefined, false],
		["pods/*", "exec", true],
		["pods/*", undefined, true],
		["*", undefined, true],
		["*", "status", false],
		["*/status", "status", true],
		["*/*", "status", true],
		["*/*", undefined, true],
		["deployments", undefined, false],
	];
	for (const [resource, subresource, expected] of table) {
		t.is(matches(rule({ resources: [resource] }), { subresource }), expected, `${resource} ${subresource}`);
	}
});

test("a namespace is an object of the cluster", (t) => {
	t.true(matches(rule({ scope: "Namespaced" })));
	t.false(matches(rule({ scope: "Cluster" })));
	const namespaces = { kind: Namespace, namespace: "default" };
	t.true(matches(rule({ resources: ["*"], scope: "Cluster" }), namespaces));
	t.false(matches(rule({ resources: ["*"], scope: "Namespaced" }), namespaces));
});

test("another version is found where there is one, the request's own first", (t) => {
	const older = { ...HorizontalPodAutoscaler, version: "v1", apiVersion: "autoscaling/v1" };
	const asked: Asked = { ...create, kind: HorizontalPodAutoscaler };
	const rules = (apiVersions: string[]) => [
		rule({ apiGroups: ["autoscaling"], apiVersions, resources: ["horizontalpodautoscalers"] }),
	];
	t.is(
		matchedKind(rules(["v1"]), asked, () => [older]),
		older,
	);
	t.is(
		matchedKind(rules(["v1", "v2"]), asked, () => [older]),
		HorizontalPodAutoscaler,
	);
	t.is(
		matchedKind(rules(["v3"]), asked, () => [older]),
		undefined,
	);
	t.is(
		matchedKind(rules(["v1"]), { ...create, kind: Deployment }, () => []),
		undefined,
	);
});
