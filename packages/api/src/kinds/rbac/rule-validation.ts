/** Validation of the rules of roles. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import type { PolicyRule } from "./rule.ts";

/** `namespaced` rules speak of resources alone. */
export const validateRules = (rules: readonly PolicyRule[], namespaced: boolean): FieldError[] =>
	rules.flatMap((rule, index) => ruleErrors(rule, { namespaced, path: `rules[${index}]` }));

function ruleErrors(
	rule: PolicyRule,
	{ namespaced, path }: { namespaced: boolean; path: string },
): FieldError[] {
	const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
	const verbless =
		verbs.length > 0 ? [] : [required(`${path}.verbs`, "verbs must contain at least one value")];
	if (nonResourceURLs.length > 0) {
		const refused = (message: string) => invalidValue(`${path}.nonResourceURLs`, nonResourceURLs, message);
		const isMixed = apiGroups.length + resources.length + resourceNames.length > 0;
		return [
			...verbless,
			...(namespaced ? [refused("namespaced rules cannot apply to non-resource URLs")] : []),
			...(isMixed ? [refused("rules cannot apply to both regular resources and non-resource URLs")] : []),
		];
	}
	return [
		...verbless,
		...(apiGroups.length > 0
			? []
			: [required(`${path}.apiGroups`, "resource rules must supply at least one api group")]),
		...(resources.length > 0
			? []
			: [required(`${path}.resources`, "resource rules must supply at least one resource")]),
	];
}
