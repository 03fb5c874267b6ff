import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { bindingColumns, defaultBinding } from "./binding.ts";
import { validateBinding, validateBindingUpdate } from "./binding-validation.ts";
import { RoleRef, Subject } from "./subject.ts";

const RoleBindingSchema = object(
	"rbac.v1.RoleBinding",
	{
		metadata: metadataField,
		subjects: listOf(Subject, { pb: 2, list: "atomic", doc: "Who gets the role." }),
		roleRef: ref(RoleRef, { required: true, pb: 3, doc: "The role; can not be changed." }),
	},
	"Gives a role to users, groups and service accounts in one namespace.",
);
export interface RoleBinding extends KubeObject, Omit<Infer<typeof RoleBindingSchema>, "metadata"> {}

export const RoleBinding = defineKind<RoleBinding>({
	group: "rbac.authorization.k8s.io",
	version: "v1",
	kind: "RoleBinding",
	plural: "rolebindings",
	scope: "Namespaced",
	schema: RoleBindingSchema,
	name: "pathSegment",
	columns: bindingColumns,
	validate: (binding) => validateBinding(binding, { namespaced: true }),
	validateUpdate: validateBindingUpdate,
	defaults: defaultBinding<RoleBinding>,
});
