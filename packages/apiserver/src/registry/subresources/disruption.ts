/** What a disruption budget says of an eviction: decided here, without effects. */
import {
	type Condition,
	forbidden,
	formatTime,
	isPodReady,
	type Pod,
	type PodDisruptionBudget,
	type PodDisruptionBudgetStatus,
	type StatusError,
	selectorOf,
	tooManyRequests,
} from "@berth/api";

/** Evictions that may be on their way at once; more means that nobody confirms them. */
const MOST_DISRUPTED = 2000;
const RETRY_SECONDS = 10;
const DISRUPTION_ALLOWED = "DisruptionAllowed";

/** The budgets that count the pod. */
export const budgetsOf = (pod: Pod, budgets: readonly PodDisruptionBudget[]): PodDisruptionBudget[] =>
	budgets.filter(
		({ metadata, spec }) =>
			metadata.namespace === pod.metadata.namespace && selectorOf(spec.selector).matches(pod.metadata.labels),
	);

/** Nothing is disrupted: the pod has not begun, has ended, or is on its way out already. */
export function isUndisturbed({ metadata, status }: Pod): boolean {
	const phase = status?.phase;
	return (
		phase === "Pending" ||
		phase === "Succeeded" ||
		phase === "Failed" ||
		metadata.deletionTimestamp !== undefined
	);
}

/** An unready pod does not count, so that losing it costs the budget nothing. */
export function isFree(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
	if (isPodReady(pod)) return false;
	const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
	const isHealthy = currentHealthy >= desiredHealthy && desiredHealthy > 0;
	return spec.unhealthyPodEvictionPolicy === "AlwaysAllow" || isHealthy;
}

/** The budget with this pod's eviction counted. Throws 429 when it has nothing left, 403 when it makes no sense. */
export function charge(budget: PodDisruptionBudget, podName: string, now: number): PodDisruptionBudget {
	const { name, generation = 0 } = budget.metadata;
	const { status } = budget;
	if (!status || (status.observedGeneration ?? 0) < generation) throw stillProcessing(name);
	const { disruptionsAllowed = 0, disruptedPods = {} } = status;
	const senseless = (reason: string) =>
		forbidden({ group: "policy", resource: "poddisruptionbudget" }, name, reason);
	if (disruptionsAllowed < 0) throw senseless("pdb disruptions allowed is negative");
	if (Object.keys(disruptedPods).length > MOST_DISRUPTED) {
		throw senseless("DisruptedPods map too big - too many evictions not confirmed by PDB controller");
	}
	if (disruptionsAllowed === 0) throw refused(0, exhausted(name, status));
	const left: PodDisruptionBudgetStatus = {
		...status,
		disruptionsAllowed: disruptionsAllowed - 1,
		disruptedPods: { ...disruptedPods, [podName]: formatTime(now) },
	};
	return { ...budget, status: disruptionsAllowed === 1 ? withNothingLeft(left, now) : left };
}

/** The budget's state may be too old to go by, or has changed while it was asked. */
export const stillProcessing = (name: string): StatusError =>
	refused(RETRY_SECONDS, `The disruption budget ${name} is still being processed by the server.`);

function exhausted(name: string, { conditions, desiredHealthy, currentHealthy }: PodDisruptionBudgetStatus) {
	const condition = conditions?.find(({ type }) => type === DISRUPTION_ALLOWED);
	return condition?.reason === "SyncFailed"
		? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${condition.message}`
		: `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
}

function refused(retrySeconds: number, cause: string): StatusError {
	return tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", retrySeconds, [
		{ reason: "DisruptionBudget", message: cause },
	]);
}

function withNothingLeft(status: PodDisruptionBudgetStatus, now: number): PodDisruptionBudgetStatus {
	const { conditions = [], observedGeneration } = status;
	const before = conditions.find(({ type }) => type === DISRUPTION_ALLOWED);
	const condition: Condition = {
		type: DISRUPTION_ALLOWED,
		status: "False",
		reason: "InsufficientPods",
		message: "",
		lastTransitionTime: before?.status === "False" ? before.lastTransitionTime : formatTime(now),
		...(observedGeneration === undefined ? {} : { observedGeneration }),
	};
	return { ...status, conditions: [...conditions.filter((one) => one !== before), condition] };
}
