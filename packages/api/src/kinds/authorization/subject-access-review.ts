import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { SubjectAccessReviewSpec, SubjectAccessReviewStatus } from "./attributes.ts";
import { validateReview } from "./review-validation.ts";

const SubjectAccessReviewSchema = object("authorization.v1.SubjectAccessReview", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	spec: ref(SubjectAccessReviewSpec, { required: true, pb: 2 }),
	status: ref(SubjectAccessReviewStatus, { pb: 3 }),
});
export interface SubjectAccessReview
	extends KubeObject,
		Omit<Infer<typeof SubjectAccessReviewSchema>, "metadata"> {}

export const SubjectAccessReview = defineKind<SubjectAccessReview>({
	group: "authorization.k8s.io",
	version: "v1",
	kind: "SubjectAccessReview",
	plural: "subjectaccessreviews",
	scope: "Cluster",
	schema: SubjectAccessReviewSchema,
	virtual: true,
	columns: [],
	validate: ({ spec }) => validateReview(spec),
});
