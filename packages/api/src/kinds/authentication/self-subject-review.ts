import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { UserInfo } from "./user-info.ts";

export const SelfSubjectReviewStatus = object(
	"authentication.v1.SelfSubjectReviewStatus",
	{
		userInfo: ref(UserInfo, { pb: 1, doc: "Name, groups and the rest." }),
	},
	"Who the caller is.",
);
export interface SelfSubjectReviewStatus extends Infer<typeof SelfSubjectReviewStatus> {}

const SelfSubjectReviewSchema = object(
	"authentication.v1.SelfSubjectReview",
	{
		metadata: metadataField,
		status: ref(SelfSubjectReviewStatus, { pb: 2, doc: "Who the caller is." }),
	},
	"Asks who the caller is.",
);
export interface SelfSubjectReview
	extends KubeObject,
		Omit<Infer<typeof SelfSubjectReviewSchema>, "metadata"> {}

export const SelfSubjectReview = defineKind<SelfSubjectReview>({
	group: "authentication.k8s.io",
	version: "v1",
	kind: "SelfSubjectReview",
	plural: "selfsubjectreviews",
	scope: "Cluster",
	schema: SelfSubjectReviewSchema,
	virtual: true,
	columns: [],
});
