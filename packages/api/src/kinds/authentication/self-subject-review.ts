import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { UserInfo } from "./user-info.ts";

export const SelfSubjectReviewStatus = object("authentication.v1.SelfSubjectReviewStatus", {
	userInfo: ref(UserInfo, { pb: 1 }),
});
export interface SelfSubjectReviewStatus extends Infer<typeof SelfSubjectReviewStatus> {}

const SelfSubjectReviewSchema = object("authentication.v1.SelfSubjectReview", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	status: ref(SelfSubjectReviewStatus, { pb: 2 }),
});
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
