import { type Infer, listOf, object, types } from "../../machinery/schema.ts";

export const PolicyRule = object("rbac.v1.PolicyRule", {
	verbs: listOf(types.string, { required: true, pb: 1, list: "atomic" }),
	apiGroups: listOf(types.string, { pb: 2, list: "atomic" }),
	resources: listOf(types.string, { pb: 3, list: "atomic" }),
	resourceNames: listOf(types.string, { pb: 4, list: "atomic" }),
	nonResourceURLs: listOf(types.string, { pb: 5, list: "atomic" }),
});
export interface PolicyRule extends Infer<typeof PolicyRule> {}
