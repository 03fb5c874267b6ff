import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { NonResourceAttributes, ResourceAttributes, SubjectAccessReviewStatus } from "./attributes.ts";
import { validateQuestion } from "./review-validation.ts";

export const SelfSubjectAccessReviewSpec = object("authorization.v1.SelfSubjectAccessReviewSpec", {
	resourceAttributes: ref(ResourceAttributes, { pb: 1, nullable: true }),
	nonResourceAttributes: ref(NonResourceAttributes, { pb: 2, nullable: true }),
});
export interface SelfSubjectAccessReviewSpec extends Infer<typeof SelfSubjectAccessReviewSpec> {}

const SelfSubjectAccessReviewSchema = object("authorization.v1.SelfSubjectAccessReview", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	spec: ref(SelfSubjectAccessReviewSpec, { required: true, pb: 2 }),
	status: ref(SubjectAccessReviewStatus, { pb: 3 }),
});
export interface SelfSubjectAccessReview
	extends KubeObject,
		Omit<Infer<typeof SelfSubjectAccessReviewSchema>, "metadata"> {}

export const SelfSubjectAccessReview = defineKind<SelfSubjectAccessReview>({
	group: "authorization.k8s.io",
	version: "v1",
	kind: "SelfSubjectAccessReview",
	plural: "selfsubjectaccessreviews",
	scope: "Cluster",
	schema: SelfSubjectAccessReviewSchema,
	virtual: true,
	columns: [],
	validate: ({ spec }) => validateQuestion(spec),
});
