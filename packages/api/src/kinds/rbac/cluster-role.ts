import { type FieldError, required } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref } from "../../machinery/schema.ts";
import { createdAtColumn } from "../columns.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import { metadataField } from "../metadata-field.ts";
import { PolicyRule } from "./rule.ts";
import { validateRules } from "./rule-validation.ts";

export const AggregationRule = object(
	"rbac.v1.AggregationRule",
	{
		clusterRoleSelectors: listOf(LabelSelector, {
			pb: 1,
			list: "atomic",
			doc: "Cluster roles whose rules are taken, by label; any selector will do.",
		}),
	},
	"Which roles are gathered into one.",
);
export interface AggregationRule extends Infer<typeof AggregationRule> {}

const ClusterRoleSchema = object(
	"rbac.v1.ClusterRole",
	{
		metadata: metadataField,
		rules: listOf(PolicyRule, { pb: 2, writtenEmpty: true, list: "atomic", doc: "What is allowed." }),
		aggregationRule: ref(AggregationRule, {
			pb: 3,
			nullable: true,
			doc: "Labels of other cluster roles whose rules are added.",
		}),
	},
	"What may be done in the whole cluster, or in a namespace through a role binding.",
);
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
