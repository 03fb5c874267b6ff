/** What may the caller do in a namespace? From the rules that the authorizer decides by. */
import { badRequest, type SelfSubjectRulesReview } from "@berth/api";
import type { Review } from "./reviews.ts";

export const reviewRules: Review = (context, scope, asked) => {
	const { spec = {} } = asked as Partial<SelfSubjectRulesReview>;
	if (!spec.namespace) throw badRequest("no namespace on request");
	const rules = context.authorizer.rules(scope.user, spec.namespace);
	const resourceRules = rules
		.filter((rule) => rule.resources?.length)
		.map(({ verbs, apiGroups, resources, resourceNames }) => ({
			verbs,
			apiGroups: apiGroups ?? [],
			resources: resources ?? [],
			...(resourceNames?.length ? { resourceNames } : {}),
		}));
	const nonResourceRules = rules
		.filter((rule) => rule.nonResourceURLs?.length)
		.map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs: nonResourceURLs ?? [] }));
	return { spec: {}, status: { resourceRules, nonResourceRules, incomplete: false } };
};
