/** The status of a deployment, with its Available, Progressing and ReplicaFailure conditions. Pure. */
import {
	type Deployment,
	type DeploymentCondition,
	type DeploymentStatus,
	formatTime,
	parseTime,
	type ReplicaSet,
} from "@berth/api";
import { budgetOf } from "./budget.ts";
import { isComplete } from "./plan.ts";

/** Kubernetes' value for "no deadline". */
const NO_DEADLINE = 2 ** 31 - 1;

export interface Sets {
	readonly current: ReplicaSet | undefined;
	readonly old: readonly ReplicaSet[];
	/** The current set was made just now. */
	readonly createdCurrent: boolean;
	/** Why the current set could not be made. */
	readonly failure?: string;
}

export function deploymentStatus(
	deployment: Deployment,
	sets: Sets,
	now: number,
	collisionCount = deployment.status?.collisionCount,
): DeploymentStatus {
	const all = sets.current ? [...sets.old, sets.current] : sets.old;
	const sum = (count: (set: ReplicaSet) => number | undefined) =>
		all.reduce((total, set) => total + (count(set) ?? 0), 0);
	const available = sum((set) => set.status?.availableReplicas);
	const wantedNow = sum((set) => set.spec.replicas);
	const counts: DeploymentStatus = {
		...(deployment.metadata.generation === undefined
			? {}
			: { observedGeneration: deployment.metadata.generation }),
		replicas: sum((set) => set.status?.replicas),
		updatedReplicas: sets.current?.status?.replicas ?? 0,
		readyReplicas: sum((set) => set.status?.readyReplicas),
		availableReplicas: available,
		unavailableReplicas: Math.max(0, wantedNow - available),
		terminatingReplicas: sum((set) => set.status?.terminatingReplicas ?? undefined),
		...(collisionCount === undefined ? {} : { collisionCount }),
	};
	const conditions = [
		availability(deployment, available),
		progress(deployment, counts, sets, now),
		failureOf(all, sets.failure),
	].filter((condition) => condition !== undefined);
	return { ...withoutZeros(counts), conditions: conditions.map((next) => stamped(deployment, next, now)) };
}

/** Milliseconds until the progress deadline passes, if the rollout waits for it. */
export function deadlineIn(
	deployment: Deployment,
	status: DeploymentStatus,
	now: number,
): number | undefined {
	const progressing = status.conditions?.find((condition) => condition.type === "Progressing");
	const deadline = deployment.spec.progressDeadlineSeconds ?? NO_DEADLINE;
	if (!progressing?.lastUpdateTime || deadline === NO_DEADLINE || deployment.spec.paused) return undefined;
	if (progressing.reason === "NewReplicaSetAvailable" || progressing.reason === TIMED_OUT) return undefined;
	return Math.max(0, parseTime(progressing.lastUpdateTime) + deadline * 1000 - now) + 1000;
}

type Verdict = Pick<DeploymentCondition, "type" | "status" | "reason" | "message"> & {
	/** Something moved: the progress deadline starts anew. */
	readonly moved?: boolean;
};

const TIMED_OUT = "ProgressDeadlineExceeded";

function availability(deployment: Deployment, available: number): Verdict {
	const minimum = (deployment.spec.replicas ?? 1) - budgetOf(deployment).unavailable;
	return available >= minimum
		? {
				type: "Available",
				status: "True",
				reason: "MinimumReplicasAvailable",
				message: "Deployment has minimum availability.",
			}
		: {
				type: "Available",
				status: "False",
				reason: "MinimumReplicasUnavailable",
				message: "Deployment does not have minimum availability.",
			};
}

function progress(
	deployment: Deployment,
	counts: DeploymentStatus,
	sets: Sets,
	now: number,
): Verdict | undefined {
	const deadline = deployment.spec.progressDeadlineSeconds ?? NO_DEADLINE;
	if (deadline === NO_DEADLINE) return undefined;
	const old = deployment.status?.conditions?.find((condition) => condition.type === "Progressing");
	const subject = sets.current
		? `ReplicaSet ${JSON.stringify(sets.current.metadata.name)}`
		: `Deployment ${JSON.stringify(deployment.metadata.name)}`;
	const verdict = (status: string, reason: string, message: string, moved = false): Verdict => ({
		type: "Progressing",
		status,
		reason,
		message,
		moved,
	});
	if (sets.failure) return verdict("False", "ReplicaSetCreateError", sets.failure);
	if (sets.createdCurrent) {
		return verdict(
			"True",
			"NewReplicaSetCreated",
			`Created new replica set ${JSON.stringify(sets.current?.metadata.name ?? "")}`,
			true,
		);
	}
	if (sets.current && isComplete(deployment, counts)) {
		return verdict("True", "NewReplicaSetAvailable", `${subject} has successfully progressed.`);
	}
	if (deployment.spec.paused) {
		return old?.reason === TIMED_OUT
			? keep(old)
			: verdict("Unknown", "DeploymentPaused", "Deployment is paused");
	}
	if (old?.reason === "DeploymentPaused") {
		return verdict("Unknown", "DeploymentResumed", "Deployment is resumed", true);
	}
	if (!old)
		return verdict(
			"True",
			"FoundNewReplicaSet",
			`Found new replica set ${JSON.stringify(sets.current?.metadata.name ?? "")}`,
			true,
		);
	if (hasMoved(deployment.status, counts)) {
		return verdict("True", "ReplicaSetUpdated", `${subject} is progressing.`, true);
	}
	const since = old.lastUpdateTime ? parseTime(old.lastUpdateTime) : now;
	if (old.reason !== TIMED_OUT && old.reason !== "NewReplicaSetAvailable" && now >= since + deadline * 1000) {
		return verdict("False", TIMED_OUT, `${subject} has timed out progressing.`);
	}
	return old.reason === "NewReplicaSetAvailable"
		? verdict("True", "ReplicaSetUpdated", `${subject} is progressing.`, true)
		: keep(old);
}

const keep = (condition: DeploymentCondition): Verdict => condition;

function hasMoved(before: DeploymentStatus | undefined, after: DeploymentStatus): boolean {
	const old = (status: DeploymentStatus | undefined) =>
		(status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
	return (
		(after.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
		old(after) < old(before) ||
		(after.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
		(after.availableReplicas ?? 0) > (before?.availableReplicas ?? 0)
	);
}

function failureOf(sets: readonly ReplicaSet[], failure: string | undefined): Verdict | undefined {
	const of = sets
		.flatMap((set) => set.status?.conditions ?? [])
		.find((condition) => condition.type === "ReplicaFailure" && condition.status === "True");
	if (of) return { type: "ReplicaFailure", status: "True", reason: of.reason, message: of.message };
	if (failure === undefined) return undefined;
	return { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: failure };
}

/** Transition time moves with the status, update time with the reason, the message, or progress made. */
function stamped(deployment: Deployment, { moved, ...next }: Verdict, now: number): DeploymentCondition {
	const old = deployment.status?.conditions?.find((condition) => condition.type === next.type);
	const sameStatus = old?.status === next.status;
	const same = sameStatus && old.reason === next.reason && !moved;
	return {
		...next,
		lastUpdateTime: same ? old.lastUpdateTime : formatTime(now),
		lastTransitionTime: sameStatus ? old.lastTransitionTime : formatTime(now),
	};
}

/** Counters that are zero are absent, as Kubernetes writes them. */
function withoutZeros(status: DeploymentStatus): DeploymentStatus {
	return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== 0));
}
