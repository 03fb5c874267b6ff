import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { reviewedRequest, SubjectAccessReviewStatus } from "./attributes.ts";
import { validateQuestion } from "./review-validation.ts";

export const SelfSubjectAccessReviewSpec = object(
	"authorization.v1.SelfSubjectAccessReviewSpec",
	{
		...reviewedRequest,
	},
	"What the caller wants to do.",
);
export interface SelfSubjectAccessReviewSpec extends Infer<typeof SelfSubjectAccessReviewSpec> {}

const SelfSubjectAccessReviewSchema = object(
	"authorization.v1.SelfSubjectAccessReview",
	{
		metadata: metadataField,
		spec: ref(SelfSubjectAccessReviewSpec, { required: true, pb: 2, doc: "The question." }),
		status: ref(SubjectAccessReviewStatus, { pb: 3, doc: "The answer." }),
	},
	"Asks whether the caller may do something.",
);
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
