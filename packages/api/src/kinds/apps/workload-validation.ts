/** Validation of deployments, replica sets and replication controllers. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { LabelSelector } from "../../machinery/meta.ts";
import { validateWorkload, type WorkloadWords } from "../core/pod-template-validation.ts";
import type { ReplicationController } from "../core/replication-controller.ts";
import {
	amountOf,
	atMost,
	countOrPercent,
	noMoreThanAll,
	nonNegative,
	notDecremented,
	unchanged,
} from "../field-checks.ts";
import type { Deployment, DeploymentStrategy, RollingUpdateDeployment } from "./deployment.ts";
import type { ReplicaSet } from "./replica-set.ts";

/** The reference API speaks of replica sets here, and of deployments in them. */
const DEPLOYMENT: WorkloadWords = { selector: "deployment", deadline: "ReplicaSet" };

export function validateDeployment({ spec }: Deployment): FieldError[] {
	const { minReadySeconds = 0, progressDeadlineSeconds: deadline } = spec;
	return [
		...nonNegative("spec.replicas", spec.replicas),
		...validateWorkload(spec, "spec", DEPLOYMENT),
		...strategyErrors(spec.strategy ?? {}, "spec.strategy"),
		...nonNegative("spec.minReadySeconds", minReadySeconds),
		...nonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
		...nonNegative("spec.progressDeadlineSeconds", deadline),
		...(deadline !== undefined && deadline !== null && deadline <= minReadySeconds
			? [invalidValue("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")]
			: []),
	];
}

function strategyErrors({ type, rollingUpdate }: DeploymentStrategy, path: string): FieldError[] {
	const field = `${path}.rollingUpdate`;
	if (type === "Recreate")
		return rollingUpdate
			? [forbiddenField(field, "may not be specified when strategy `type` is 'Recreate'")]
			: [];
	return rollingUpdate
		? rollingErrors(rollingUpdate, field)
		: [required(field, "this should be defaulted and never be nil")];
}

function rollingErrors({ maxUnavailable, maxSurge }: RollingUpdateDeployment, path: string): FieldError[] {
	const field = `${path}.maxUnavailable`;
	return [
		...countOrPercent(field, maxUnavailable),
		...countOrPercent(`${path}.maxSurge`, maxSurge),
		...(amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0
			? [invalidValue(field, maxUnavailable, "may not be 0 when `maxSurge` is 0")]
			: []),
		...noMoreThanAll(field, maxUnavailable),
	];
}

export const validateReplicaSet = ({ spec }: ReplicaSet): FieldError[] => [
	...nonNegative("spec.replicas", spec.replicas),
	...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
	...validateWorkload(spec, "spec", DEPLOYMENT),
];

type Workload = Deployment | ReplicaSet;

/** What a workload selects is its identity. */
export const validateWorkloadUpdate = ({ spec }: Workload, { spec: old }: Workload): FieldError[] =>
	unchanged(LabelSelector, "spec.selector", spec.selector, old.selector);

const DEPLOYMENT_COUNTS = [
	"observedGeneration",
	"replicas",
	"updatedReplicas",
	"readyReplicas",
	"availableReplicas",
	"unavailableReplicas",
	"collisionCount",
] as const;

export function validateDeploymentStatus({ status = {} }: Deployment, old: Deployment): FieldError[] {
	const { replicas = 0, readyReplicas = 0, availableReplicas = 0, updatedReplicas = 0 } = status;
	return [
		...DEPLOYMENT_COUNTS.flatMap((field) => nonNegative(`status.${field}`, status[field])),
		...atMost("status.updatedReplicas", updatedReplicas, replicas, "status.replicas"),
		...atMost("status.readyReplicas", readyReplicas, replicas, "status.replicas"),
		...atMost("status.availableReplicas", availableReplicas, replicas, "status.replicas"),
		...atMost("status.availableReplicas", availableReplicas, readyReplicas, "readyReplicas"),
		...notDecremented("status.collisionCount", status.collisionCount, old.status?.collisionCount),
	];
}

const REPLICA_COUNTS = [
	"replicas",
	"fullyLabeledReplicas",
	"readyReplicas",
	"availableReplicas",
	"observedGeneration",
] as const;

export function validateReplicaStatus({ status }: ReplicaSet | ReplicationController): FieldError[] {
	const { replicas = 0, fullyLabeledReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status ?? {};
	return [
		...REPLICA_COUNTS.flatMap((field) => nonNegative(`status.${field}`, status?.[field])),
		...atMost("status.fullyLabeledReplicas", fullyLabeledReplicas, replicas, "status.replicas"),
		...atMost("status.readyReplicas", readyReplicas, replicas, "status.replicas"),
		...atMost("status.availableReplicas", availableReplicas, replicas, "status.replicas"),
		...atMost("status.availableReplicas", availableReplicas, readyReplicas, "readyReplicas"),
	];
}
