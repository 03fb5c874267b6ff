/** Conditions of definitions. */
import { type CustomResourceDefinition, type CustomResourceDefinitionCondition, deepEqual } from "@berth/api";

export type Condition = Omit<CustomResourceDefinitionCondition, "lastTransitionTime" | "observedGeneration">;

/** The definition with this condition; the very same when it has it already. `time` in RFC 3339. */
export function withCondition(
	definition: CustomResourceDefinition,
	condition: Condition,
	time: string,
): CustomResourceDefinition {
	const conditions = definition.status?.conditions ?? [];
	const before = conditions.find(({ type }) => type === condition.type);
	const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : time;
	const next: CustomResourceDefinitionCondition = {
		...condition,
		...(lastTransitionTime ? { lastTransitionTime } : {}),
	};
	if (before && deepEqual(before, next)) return definition;
	const changed = before ? conditions.map((each) => (each === before ? next : each)) : [...conditions, next];
	return { ...definition, status: { ...definition.status, conditions: changed } };
}

export const hasCondition = ({ status }: CustomResourceDefinition, type: string): boolean =>
	status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
