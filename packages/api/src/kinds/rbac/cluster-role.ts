import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref } from "../../machinery/schema.ts";
import { createdAtColumn } from "../columns.ts";
import { PolicyRule } from "./rule.ts";

export const AggregationRule = object("rbac.v1.AggregationRule", {
	clusterRoleSelectors: listOf(LabelSelector, { pb: 1, list: "atomic" }),
});
export interface AggregationRule extends Infer<typeof AggregationRule> {}

const ClusterRoleSchema = object("rbac.v1.ClusterRole", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	rules: listOf(PolicyRule, { pb: 2, list: "atomic" }),
	aggregationRule: ref(AggregationRule, { pb: 3, nullable: true }),
});
export interface ClusterRole extends KubeObject, Omit<Infer<typeof ClusterRoleSchema>, "metadata"> {}

export const ClusterRole = defineKind<ClusterRole>({
	group: "rbac.authorization.k8s.io",
	version: "v1",
	kind: "ClusterRole",
	plural: "clusterroles",
	scope: "Cluster",
	schema: ClusterRoleSchema,
	name: "pathSegment",
	columns: [createdAtColumn],
});
