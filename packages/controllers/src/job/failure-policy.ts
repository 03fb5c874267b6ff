/** What follows from a pod's failure: the first rule of the job's policy that fits decides. Pure. */
import type { Job, Pod, PodFailurePolicyRule } from "@berth/api";

export interface Verdict {
	readonly action: "FailJob" | "FailIndex" | "Ignore" | "Count";
	/** Why, in the words of the condition that a FailJob leads to. */
	readonly message: string;
}

/** Undefined: no rule fits, so the failure counts. */
export function judge({ spec }: Job, pod: Pod): Verdict | undefined {
	for (const [position, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
		// Another action is of a later version: passed over.
		if (!isAction(rule.action)) continue;
		const fits = rule.onExitCodes ? exitCodeFits(rule, pod) : conditionFits(rule, pod);
		if (fits)
			return { action: rule.action, message: `${fits} matching ${rule.action} rule at index ${position}` };
	}
	return undefined;
}

const ACTIONS: readonly string[] = ["FailJob", "FailIndex", "Ignore", "Count"];
const isAction = (action: string | undefined): action is Verdict["action"] =>
	action !== undefined && ACTIONS.includes(action);

/** Only containers that failed are asked: an exit code of 0 fits no rule. */
function exitCodeFits({ onExitCodes }: PodFailurePolicyRule, pod: Pod): string | undefined {
	const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
	const wanted = onExitCodes?.containerName;
	for (const { name, state } of [...containerStatuses, ...initContainerStatuses]) {
		const exitCode = state?.terminated?.exitCode ?? 0;
		if (exitCode === 0 || (wanted && wanted !== name)) continue;
		const isNamed = onExitCodes?.values?.includes(exitCode) ?? false;
		if (isNamed === (onExitCodes?.operator === "In"))
			return `Container ${name} for pod ${nameOf(pod)} failed with exit code ${exitCode}`;
	}
	return undefined;
}

function conditionFits({ onPodConditions = [] }: PodFailurePolicyRule, pod: Pod): string | undefined {
	for (const pattern of onPodConditions) {
		const met = pod.status?.conditions?.some(
			({ type, status }) => type === pattern.type && status === (pattern.status ?? "True"),
		);
		if (met) return `Pod ${nameOf(pod)} has condition ${pattern.type}`;
	}
	return undefined;
}

const nameOf = ({ metadata }: Pod) => `${metadata.namespace}/${metadata.name}`;
