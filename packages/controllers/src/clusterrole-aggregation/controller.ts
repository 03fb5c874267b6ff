/** Keeps the rules of aggregated cluster roles: what `admin`, `edit` and `view` allow of custom resources comes this way. */
import { ClusterRole, deepEqual } from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { unlessOvertaken } from "../ownership/unless-overtaken.ts";
import { aggregatedRules } from "./plan.ts";

export function createClusterRoleAggregationController({
	client,
	informers,
}: ControllerEnvironment): Controller {
	const roles = informers.of(ClusterRole);

	async function reconcile(name: string) {
		const role = roles.get(name);
		const rules = role && aggregatedRules(role, roles.list());
		if (!rules || deepEqual(rules, role.rules ?? [])) return undefined;
		await unlessOvertaken(() => client.patch(ClusterRole, { name }, { rules }, { type: "merge" }));
		return undefined;
	}

	return {
		name: "clusterrole-aggregation",
		workers: 1,
		sources: [
			// Which of them a changed role is part of is found by looking: there are few.
			watch(roles, () =>
				roles
					.list()
					.filter(({ aggregationRule }) => aggregationRule)
					.map(({ metadata }) => metadata.name),
			),
		],
		reconcile,
	};
}
