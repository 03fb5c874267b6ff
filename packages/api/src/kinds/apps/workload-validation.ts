/** Validation of deployments, replica sets and replication controllers. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { LabelSelector } from "../../machinery/meta.ts";
import { validateWorkload, type WorkloadWords } from "../core/pod-template-validation.ts";
import type { ReplicationController } from "../core/replication-controller.ts";
import {
	amountOf,
	countOrPercent,
	noMoreThanAll,
	nonNegative,
	notDecremented,
	unchanged,
} from "../field-checks.ts";
import type { Deployment, DeploymentStrategy, RollingUpdateDeployment } from "./deployment.ts";
import { replicaCountErrors } from "./replica-counts.ts";
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

interface Workload {
	readonly spec: { readonly selector?: LabelSelector | undefined };
}

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

const DEPLOYMENT_PARTS = ["updatedReplicas", "readyReplicas", "availableReplicas"] as const;

export const validateDeploymentStatus = ({ status = {} }: Deployment, old: Deployment): FieldError[] => [
	...replicaCountErrors(status, DEPLOYMENT_COUNTS, DEPLOYMENT_PARTS, "readyReplicas"),
	...notDecremented("status.collisionCount", status.collisionCount, old.status?.collisionCount),
];

const REPLICA_COUNTS = [
	"replicas",
	"fullyLabeledReplicas",
	"readyReplicas",
	"availableReplicas",
	"observedGeneration",
] as const;

const REPLICA_PARTS = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;

export const validateReplicaStatus = ({ status }: ReplicaSet | ReplicationController): FieldError[] =>
	replicaCountErrors(status ?? { replicas: 0 }, REPLICA_COUNTS, REPLICA_PARTS, "readyReplicas");
