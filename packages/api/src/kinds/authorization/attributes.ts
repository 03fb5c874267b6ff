import { FieldSelectorRequirement, LabelSelectorRequirement } from "../../machinery/meta.ts";
import { bool, type Infer, listOf, mapOf, object, ref, string, types } from "../../machinery/schema.ts";

export const FieldSelectorAttributes = object("authorization.v1.FieldSelectorAttributes", {
	rawSelector: string({ pb: 1 }),
	requirements: listOf(FieldSelectorRequirement, { pb: 2, list: "atomic" }),
});
export interface FieldSelectorAttributes extends Infer<typeof FieldSelectorAttributes> {}

export const LabelSelectorAttributes = object("authorization.v1.LabelSelectorAttributes", {
	rawSelector: string({ pb: 1 }),
	requirements: listOf(LabelSelectorRequirement, { pb: 2, list: "atomic" }),
});
export interface LabelSelectorAttributes extends Infer<typeof LabelSelectorAttributes> {}

export const ResourceAttributes = object("authorization.v1.ResourceAttributes", {
	namespace: string({ pb: 1 }),
	verb: string({ pb: 2 }),
	group: string({ pb: 3 }),
	version: string({ pb: 4 }),
	resource: string({ pb: 5 }),
	subresource: string({ pb: 6 }),
	name: string({ pb: 7 }),
	fieldSelector: ref(FieldSelectorAttributes, { pb: 8, nullable: true }),
	labelSelector: ref(LabelSelectorAttributes, { pb: 9, nullable: true }),
});
export interface ResourceAttributes extends Infer<typeof ResourceAttributes> {}

export const NonResourceAttributes = object("authorization.v1.NonResourceAttributes", {
	path: string({ pb: 1 }),
	verb: string({ pb: 2 }),
});
export interface NonResourceAttributes extends Infer<typeof NonResourceAttributes> {}

export const SubjectAccessReviewSpec = object("authorization.v1.SubjectAccessReviewSpec", {
	resourceAttributes: ref(ResourceAttributes, { pb: 1, nullable: true }),
	nonResourceAttributes: ref(NonResourceAttributes, { pb: 2, nullable: true }),
	user: string({ pb: 3 }),
	groups: listOf(types.string, { pb: 4, list: "atomic" }),
	extra: mapOf(types.list(types.string), { pb: 5 }),
	uid: string({ pb: 6 }),
});
export interface SubjectAccessReviewSpec extends Infer<typeof SubjectAccessReviewSpec> {}

export const SubjectAccessReviewStatus = object("authorization.v1.SubjectAccessReviewStatus", {
	allowed: bool({ required: true, pb: 1 }),
	denied: bool({ pb: 4 }),
	reason: string({ pb: 2 }),
	evaluationError: string({ pb: 3 }),
});
export interface SubjectAccessReviewStatus extends Infer<typeof SubjectAccessReviewStatus> {}
