import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object } from "../../machinery/schema.ts";
import { createdAtColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { PolicyRule } from "./rule.ts";
import { validateRules } from "./rule-validation.ts";

const RoleSchema = object(
	"rbac.v1.Role",
	{
		metadata: metadataField,
		rules: listOf(PolicyRule, { pb: 2, writtenEmpty: true, list: "atomic", doc: "What is allowed." }),
	},
	"What may be done in one namespace.",
);
export interface Role extends KubeObject, Omit<Infer<typeof RoleSchema>, "metadata"> {}

export const Role = defineKind<Role>({
	group: "rbac.authorization.k8s.io",
	version: "v1",
	kind: "Role",
	plural: "roles",
	scope: "Namespaced",
	schema: RoleSchema,
	name: "pathSegment",
	columns: [createdAtColumn],
	validate: ({ rules }) => validateRules(rules ?? [], true),
});
