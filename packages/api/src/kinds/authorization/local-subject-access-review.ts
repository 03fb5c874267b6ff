import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { SubjectAccessReviewSpec, SubjectAccessReviewStatus } from "./attributes.ts";
import { validateLocalReview } from "./review-validation.ts";

const LocalSubjectAccessReviewSchema = object(
	"authorization.v1.LocalSubjectAccessReview",
	{
		metadata: metadataField,
		spec: ref(SubjectAccessReviewSpec, { required: true, pb: 2, doc: "The question." }),
		status: ref(SubjectAccessReviewStatus, { pb: 3, doc: "The answer." }),
	},
	"Asks whether somebody may do something in a namespace.",
);
export interface LocalSubjectAccessReview
	extends KubeObject,
		Omit<Infer<typeof LocalSubjectAccessReviewSchema>, "metadata"> {}

export const LocalSubjectAccessReview = defineKind<LocalSubjectAccessReview>({
	group: "authorization.k8s.io",
	version: "v1",
	kind: "LocalSubjectAccessReview",
	plural: "localsubjectaccessreviews",
	scope: "Namespaced",
	schema: LocalSubjectAccessReviewSchema,
	virtual: true,
	columns: [],
	validate: ({ spec, metadata }) => validateLocalReview(spec, metadata.namespace),
});
