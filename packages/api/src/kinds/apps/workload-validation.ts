/** Validation of deployments and replica sets. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { LabelSelector } from "../../machinery/meta.ts";
import { validateWorkload } from "../core/pod-template-validation.ts";
import { countOrPercent, nonNegative } from "../field-checks.ts";
import { sameValue } from "../same-value.ts";
import type { Deployment, DeploymentStrategy, RollingUpdateDeployment } from "./deployment.ts";
import type { ReplicaSet } from "./replica-set.ts";

export function validateDeployment({ spec }: Deployment): FieldError[] {
	const { minReadySeconds = 0, progressDeadlineSeconds: deadline } = spec;
	return [
		...nonNegative("spec.replicas", spec.replicas),
		...validateWorkload(spec, "spec"),
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
		...(amount(maxUnavailable) === 0 && amount(maxSurge) === 0
			? [invalidValue(field, maxUnavailable, "may not be 0 when `maxSurge` is 0")]
			: []),
		...(typeof maxUnavailable === "string" && amount(maxUnavailable) > 100
			? [invalidValue(field, maxUnavailable, "must not be greater than 100%")]
			: []),
	];
}

/** The number, of pods or per cent; malformed text counts as nothing. */
function amount(value: number | string | undefined | null): number {
	if (typeof value === "string") return /^\d+%$/.test(value) ? Number(value.slice(0, -1)) : 0;
	return value ?? 0;
}

export const validateReplicaSet = ({ spec }: ReplicaSet): FieldError[] => [
	...nonNegative("spec.replicas", spec.replicas),
	...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
	...validateWorkload(spec, "spec"),
];

type Workload = Deployment | ReplicaSet;

/** What a workload selects is its identity. */
export const validateWorkloadUpdate = ({ spec }: Workload, { spec: old }: Workload): FieldError[] =>
	sameValue(LabelSelector, spec.selector, old.selector)
		? []
		: [invalidValue("spec.selector", spec.selector, "field is immutable")];

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
	const collisions = status.collisionCount ?? 0;
	return [
		...DEPLOYMENT_COUNTS.flatMap((field) => nonNegative(`status.${field}`, status[field])),
		...atMost("status.updatedReplicas", updatedReplicas, replicas, "status.replicas"),
		...atMost("status.readyReplicas", readyReplicas, replicas, "status.replicas"),
		...atMost("status.availableReplicas", availableReplicas, replicas, "status.replicas"),
		...atMost("status.availableReplicas", availableReplicas, readyReplicas, "readyReplicas"),
		...(collisions < (old.status?.collisionCount ?? 0)
			? [invalidValue("status.collisionCount", collisions, "cannot be decremented")]
			: []),
	];
}

const REPLICA_SET_COUNTS = [
	"replicas",
	"fullyLabeledReplicas",
	"readyReplicas",
	"availableReplicas",
	"observedGeneration",
] as const;

export function validateReplicaSetStatus({ status }: ReplicaSet): FieldError[] {
	const { replicas = 0, fullyLabeledReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status ?? {};
	return [
		...REPLICA_SET_COUNTS.flatMap((field) => nonNegative(`status.${field}`, status?.[field])),
		...atMost("status.fullyLabeledReplicas", fullyLabeledReplicas, replicas, "status.replicas"),
		...atMost("status.readyReplicas", readyReplicas, replicas, "status.replicas"),
		...atMost("status.availableReplicas", availableReplicas, replicas, "status.replicas"),
		...atMost("status.availableReplicas", availableReplicas, readyReplicas, "readyReplicas"),
	];
}

const atMost = (field: string, value: number, most: number, what: string): FieldError[] =>
	value > most ? [invalidValue(field, value, `cannot be greater than ${what}`)] : [];
