import type { ClusterRole, PolicyRule } from "@berth/api";
import test from "ava";
import { aggregatedRules } from "./plan.ts";

const rule = (resource: string): PolicyRule => ({ apiGroups: [""], resources: [resource], verbs: ["get"] });
const role = (
	name: string,
	labels: Readonly<Record<string, string>>,
	rules: readonly PolicyRule[],
	selects?: string,
) =>
	({
		metadata: { name, labels },
		rules,
		...(selects
			? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [selects]: "true" } }] } }
			: {}),
	}) as unknown as ClusterRole;

test("rules of all that match, each once, in the order of names", (t) => {
	const view = role("view", { "to-view": "true" }, [rule("stale")], "to-view");
	const roles = [
		view,
		role("z", { "to-view": "true" }, [rule("pods"), rule("widgets")]),
		role("a", { "to-view": "true" }, [rule("pods")]),
		role("other", { "to-edit": "true" }, [rule("secrets")]),
	];
	t.deepEqual(aggregatedRules(view, roles), [rule("pods"), rule("widgets")]);
	t.is(aggregatedRules(role("plain", {}, [rule("pods")]), roles), undefined);
	t.deepEqual(aggregatedRules(role("lonely", {}, [rule("pods")], "nothing"), roles), []);
});
