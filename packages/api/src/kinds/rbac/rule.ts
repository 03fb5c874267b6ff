import { type Infer, listOf, object, types } from "../../machinery/schema.ts";

export const PolicyRule = object(
	"rbac.v1.PolicyRule",
	{
		verbs: listOf(types.string, {
			required: true,
			pb: 1,
			list: "atomic",
			doc: "What may be done: get, list, create …, or * for all.",
		}),
		apiGroups: listOf(types.string, {
			pb: 2,
			list: "atomic",
			doc: 'Groups of the resources; "" for the core, * for all.',
		}),
		resources: listOf(types.string, {
			pb: 3,
			list: "atomic",
			doc: "Resources, with subresources as pods/log.",
		}),
		resourceNames: listOf(types.string, {
			pb: 4,
			list: "atomic",
			doc: "Names of single objects; empty for all.",
		}),
		nonResourceURLs: listOf(types.string, {
			pb: 5,
			list: "atomic",
			doc: "Paths that are no resources, such as /healthz.",
		}),
	},
	"Verbs that are allowed on some resources or paths.",
);
export interface PolicyRule extends Infer<typeof PolicyRule> {}
