import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";

export const SelfSubjectRulesReviewSpec = object(
	"authorization.v1.SelfSubjectRulesReviewSpec",
	{
		namespace: string({ pb: 1, doc: "The namespace." }),
	},
	"Where the caller's rights are asked for.",
);
export interface SelfSubjectRulesReviewSpec extends Infer<typeof SelfSubjectRulesReviewSpec> {}

export const ResourceRule = object(
	"authorization.v1.ResourceRule",
	{
		verbs: listOf(types.string, { required: true, pb: 1, list: "atomic", doc: "Verbs; * for all." }),
		apiGroups: listOf(types.string, { pb: 2, list: "atomic", doc: "API groups; * for all." }),
		resources: listOf(types.string, { pb: 3, list: "atomic", doc: "Resources; * for all." }),
		resourceNames: listOf(types.string, { pb: 4, list: "atomic", doc: "Names of objects; empty for all." }),
	},
	"Verbs that are allowed on resources.",
);
export interface ResourceRule extends Infer<typeof ResourceRule> {}

export const NonResourceRule = object(
	"authorization.v1.NonResourceRule",
	{
		verbs: listOf(types.string, {
			required: true,
			pb: 1,
			list: "atomic",
			doc: "HTTP methods in lower case; * for all.",
		}),
		nonResourceURLs: listOf(types.string, {
			pb: 2,
			list: "atomic",
			doc: "Paths; * at the end stands for the rest.",
		}),
	},
	"Verbs that are allowed on paths.",
);
export interface NonResourceRule extends Infer<typeof NonResourceRule> {}

export const SubjectRulesReviewStatus = object(
	"authorization.v1.SubjectRulesReviewStatus",
	{
		resourceRules: listOf(ResourceRule, {
			required: true,
			pb: 1,
			list: "atomic",
			doc: "What they may do with resources.",
		}),
		nonResourceRules: listOf(NonResourceRule, {
			required: true,
			pb: 2,
			list: "atomic",
			doc: "What they may do with other paths.",
		}),
		incomplete: bool({ required: true, pb: 3, doc: "True: there may be more that is not listed." }),
		evaluationError: string({ pb: 4, doc: "Why the list is incomplete." }),
	},
	"What the caller may do.",
);
export interface SubjectRulesReviewStatus extends Infer<typeof SubjectRulesReviewStatus> {}

const SelfSubjectRulesReviewSchema = object(
	"authorization.v1.SelfSubjectRulesReview",
	{
		metadata: metadataField,
		spec: ref(SelfSubjectRulesReviewSpec, { required: true, pb: 2, doc: "The question." }),
		status: ref(SubjectRulesReviewStatus, { pb: 3, doc: "The answer." }),
	},
	"Asks for everything the caller may do in a namespace.",
);
export interface SelfSubjectRulesReview
	extends KubeObject,
		Omit<Infer<typeof SelfSubjectRulesReviewSchema>, "metadata"> {}

export const SelfSubjectRulesReview = defineKind<SelfSubjectRulesReview>({
	group: "authorization.k8s.io",
	version: "v1",
	kind: "SelfSubjectRulesReview",
	plural: "selfsubjectrulesreviews",
	scope: "Cluster",
	schema: SelfSubjectRulesReviewSchema,
	virtual: true,
	columns: [],
});
