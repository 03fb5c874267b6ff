/** Validation of priority classes. */
import { type FieldError, forbiddenField } from "../../machinery/field-error.ts";
import { unchangedScalar } from "../field-checks.ts";
import type { PriorityClass } from "./priority-class.ts";

const SYSTEM = "system-";
const HIGHEST_FOR_USERS = 1_000_000_000;

/** Classes that every cluster has, and the priority of their pods. */
export const SYSTEM_PRIORITIES: ReadonlyMap<string, number> = new Map([
	["system-node-critical", 2 * HIGHEST_FOR_USERS + 1000],
	["system-cluster-critical", 2 * HIGHEST_FOR_USERS],
]);

export function validatePriorityClass(priority: PriorityClass): FieldError[] {
	const { metadata, value = 0 } = priority;
	const problem = metadata.name?.startsWith(SYSTEM) ? systemProblem(priority) : undefined;
	return [
		...(problem === undefined
			? []
			: [
					forbiddenField(
						"metadata.name",
						`priority class names with '${SYSTEM}' prefix are reserved for system use only. error: ${problem}`,
					),
				]),
		...(!metadata.name?.startsWith(SYSTEM) && value > HIGHEST_FOR_USERS
			? [forbiddenField("value", `maximum allowed value of a user defined priority is ${HIGHEST_FOR_USERS}`)]
			: []),
	];
}

function systemProblem({ metadata: { name }, value, globalDefault }: PriorityClass): string | undefined {
	const wanted = SYSTEM_PRIORITIES.get(name);
	if (wanted === undefined) return `${name} is not a known system priority class`;
	if (value !== wanted) return `value of ${name} PriorityClass must be ${wanted}`;
	return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

/** Pods keep the value that their class had: it would be told wrongly from then on. */
export const validatePriorityClassUpdate = (priority: PriorityClass, old: PriorityClass): FieldError[] => [
	...(priority.value === old.value ? [] : [forbiddenField("value", "may not be changed in an update.")]),
	...unchangedScalar("preemptionPolicy", priority.preemptionPolicy, old.preemptionPolicy),
];
