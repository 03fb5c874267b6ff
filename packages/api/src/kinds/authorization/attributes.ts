import { FieldSelectorRequirement, LabelSelectorRequirement } from "../../machinery/meta.ts";
import { bool, type Infer, listOf, mapOf, object, ref, string, types } from "../../machinery/schema.ts";

export const FieldSelectorAttributes = object(
	"authorization.v1.FieldSelectorAttributes",
	{
		rawSelector: string({ pb: 1, doc: "The selector as it stands in the query; instead of requirements." }),
		requirements: listOf(FieldSelectorRequirement, {
			pb: 2,
			list: "atomic",
			doc: "Conditions on fields, all of which hold.",
		}),
	},
	"Fields that a request selects by.",
);
export interface FieldSelectorAttributes extends Infer<typeof FieldSelectorAttributes> {}

export const LabelSelectorAttributes = object(
	"authorization.v1.LabelSelectorAttributes",
	{
		rawSelector: string({ pb: 1, doc: "The selector as it stands in the query; instead of requirements." }),
		requirements: listOf(LabelSelectorRequirement, {
			pb: 2,
			list: "atomic",
			doc: "Conditions on labels, all of which hold.",
		}),
	},
	"Labels that a request selects by.",
);
export interface LabelSelectorAttributes extends Infer<typeof LabelSelectorAttributes> {}

export const ResourceAttributes = object(
	"authorization.v1.ResourceAttributes",
	{
		namespace: string({
			pb: 1,
			doc: "Namespace; empty for the whole cluster, or for resources without one.",
		}),
		verb: string({ pb: 2, doc: "Verb, such as get, list or create; * for all." }),
		group: string({ pb: 3, doc: "API group; * for all." }),
		version: string({ pb: 4, doc: "API version; * for all." }),
		resource: string({ pb: 5, doc: "Resource, such as pods; * for all." }),
		subresource: string({ pb: 6, doc: "Subresource, such as log; empty for none." }),
		name: string({ pb: 7, doc: "Name of the object; empty for all." }),
		fieldSelector: ref(FieldSelectorAttributes, {
			pb: 8,
			nullable: true,
			doc: "Fields that the request selects by.",
		}),
		labelSelector: ref(LabelSelectorAttributes, {
			pb: 9,
			nullable: true,
			doc: "Labels that the request selects by.",
		}),
	},
	"A request about a resource.",
);
export interface ResourceAttributes extends Infer<typeof ResourceAttributes> {}

export const NonResourceAttributes = object(
	"authorization.v1.NonResourceAttributes",
	{
		path: string({ pb: 1, doc: "Path, such as /healthz." }),
		verb: string({ pb: 2, doc: "HTTP method in lower case." }),
	},
	"A request for a path that is no resource.",
);
export interface NonResourceAttributes extends Infer<typeof NonResourceAttributes> {}

/** The question of a review: one of these. */
export const reviewedRequest = {
	resourceAttributes: ref(ResourceAttributes, {
		pb: 1,
		nullable: true,
		doc: "A request about a resource; instead of nonResourceAttributes.",
	}),
	nonResourceAttributes: ref(NonResourceAttributes, {
		pb: 2,
		nullable: true,
		doc: "A request for another path; instead of resourceAttributes.",
	}),
};

export const SubjectAccessReviewSpec = object(
	"authorization.v1.SubjectAccessReviewSpec",
	{
		...reviewedRequest,
		user: string({ pb: 3, doc: "Name of the user." }),
		groups: listOf(types.string, { pb: 4, list: "atomic", doc: "Groups of the user." }),
		extra: mapOf(types.list(types.string), { pb: 5, doc: "What else is known of the user." }),
		uid: string({ pb: 6, doc: "Identity of the user." }),
	},
	"Who wants to do what.",
);
export interface SubjectAccessReviewSpec extends Infer<typeof SubjectAccessReviewSpec> {}

export const SubjectAccessReviewStatus = object(
	"authorization.v1.SubjectAccessReviewStatus",
	{
		allowed: bool({ required: true, pb: 1, doc: "Whether it is allowed." }),
		denied: bool({ pb: 4, doc: "True: it is forbidden, whatever others say; never together with allowed." }),
		reason: string({ pb: 2, doc: "Why." }),
		evaluationError: string({
			pb: 3,
			doc: "What went wrong while asking; the answer may stand all the same.",
		}),
	},
	"Whether it is allowed.",
);
export interface SubjectAccessReviewStatus extends Infer<typeof SubjectAccessReviewStatus> {}
