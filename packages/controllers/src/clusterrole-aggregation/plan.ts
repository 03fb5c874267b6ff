/** The rules of a cluster role that is put together from others. Pure. Source: Using RBAC Authorization, aggregated ClusterRoles. */
import { type ClusterRole, deepEqual, type PolicyRule, selectorOf } from "@berth/api";

/** Rules of all roles that its selectors match, each once, by the roles' names; undefined for a role with rules of its own. */
export function aggregatedRules(
	role: ClusterRole,
	roles: readonly ClusterRole[],
): readonly PolicyRule[] | undefined {
	const selectors = role.aggregationRule?.clusterRoleSelectors?.map((selector) => selectorOf(selector));
	if (!selectors) return undefined;
	const parts = roles
		.filter((other) => other.metadata.name !== role.metadata.name)
		.filter((other) => selectors.some((selector) => selector.matches(other.metadata.labels)))
		.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
	const rules: PolicyRule[] = [];
	for (const rule of parts.flatMap((part) => part.rules ?? [])) {
		if (!rules.some((known) => deepEqual(known, rule))) rules.push(rule);
	}
	return rules;
}
