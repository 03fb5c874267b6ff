import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { SubjectAccessReviewSpec, SubjectAccessReviewStatus } from "./attributes.ts";
import { validateReview } from "./review-validation.ts";

const SubjectAccessReviewSchema = object(
	"authorization.v1.SubjectAccessReview",
	{
		metadata: metadataField,
		spec: ref(SubjectAccessReviewSpec, { required: true, pb: 2, doc: "The question." }),
		status: ref(SubjectAccessReviewStatus, { pb: 3, doc: "The answer." }),
	},
	"Asks whether somebody may do something.",
);
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
