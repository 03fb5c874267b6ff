import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref } from "../../machinery/schema.ts";
import { bindingColumns, defaultBinding } from "./binding.ts";
import { validateBinding, validateBindingUpdate } from "./binding-validation.ts";
import { RoleRef, Subject } from "./subject.ts";

const RoleBindingSchema = object("rbac.v1.RoleBinding", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	subjects: listOf(Subject, { pb: 2, list: "atomic" }),
	roleRef: ref(RoleRef, { required: true, pb: 3 }),
});
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
