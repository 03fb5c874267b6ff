import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { bindingColumns, defaultBinding } from "./binding.ts";
import { validateBinding, validateBindingUpdate } from "./binding-validation.ts";
import { RoleRef, Subject } from "./subject.ts";

const ClusterRoleBindingSchema = object(
	"rbac.v1.ClusterRoleBinding",
	{
		metadata: metadataField,
		subjects: listOf(Subject, { pb: 2, list: "atomic", doc: "Who gets the role." }),
		roleRef: ref(RoleRef, { required: true, pb: 3, doc: "The role; can not be changed." }),
	},
	"Gives a cluster role to users, groups and service accounts everywhere.",
);
export interface ClusterRoleBinding
	extends KubeObject,
		Omit<Infer<typeof ClusterRoleBindingSchema>, "metadata"> {}

export const ClusterRoleBinding = defineKind<ClusterRoleBinding>({
	group: "rbac.authorization.k8s.io",
	version: "v1",
	kind: "ClusterRoleBinding",
	plural: "clusterrolebindings",
	scope: "Cluster",
	schema: ClusterRoleBindingSchema,
	name: "pathSegment",
	columns: bindingColumns,
	validate: (binding) => validateBinding(binding, { namespaced: false }),
	validateUpdate: validateBindingUpdate,
	defaults: defaultBinding<ClusterRoleBinding>,
});
