import { type FieldError, required } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref } from "../../machinery/schema.ts";
import { createdAtColumn } from "../columns.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import { PolicyRule } from "./rule.ts";
import { validateRules } from "./rule-validation.ts";

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
	validate: ({ rules, aggregationRule }) => [
		...validateRules(rules ?? [], false),
		...(aggregationRule ? aggregationErrors(aggregationRule) : []),
	],
});

function aggregationErrors({ clusterRoleSelectors = [] }: AggregationRule): FieldError[] {
	const path = "aggregationRule.clusterRoleSelectors";
	if (clusterRoleSelectors.length === 0)
		return [required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil")];
	return clusterRoleSelectors.flatMap((selector, index) =>
		validateLabelSelector(selector, `${path}[${index}]`),
	);
}
