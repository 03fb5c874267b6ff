/** Validation of stateful sets. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import {
	validateRestarts,
	validateSelected,
	validateTemplateMetadata,
} from "../core/pod-template-validation.ts";
import { amountOf, countOrPercent, noMoreThanAll, nonNegative, notDecremented } from "../field-checks.ts";
import { sameValue } from "../same-value.ts";
import { replicaCountErrors } from "./replica-counts.ts";
import { type StatefulSet, StatefulSetSpec, type StatefulSetUpdateStrategy } from "./stateful-set.ts";

/** The pod of the template is judged when pods are made of it: until then it lacks the volumes of the claims. */
export const validateStatefulSet = ({ spec }: StatefulSet): FieldError[] => [
	...managementErrors(spec.podManagementPolicy, "spec.podManagementPolicy"),
	...strategyErrors(spec.updateStrategy ?? {}, "spec.updateStrategy"),
	...nonNegative("spec.replicas", spec.replicas),
	...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
	...nonNegative("spec.ordinals.start", spec.ordinals?.start),
	...nonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
	...validateSelected(spec, "spec", { selector: "statefulset" }, (template) => [
		...validateTemplateMetadata(template, "spec.template"),
		...validateRestarts(template, "spec.template.spec", "StatefulSet"),
	]),
];

function managementErrors(policy: string | undefined, field: string): FieldError[] {
	if (!policy) return [required(field)];
	const isKnown = policy === "OrderedReady" || policy === "Parallel";
	return isKnown ? [] : [invalidValue(field, policy, "must be 'OrderedReady' or 'Parallel'")];
}

function strategyErrors(strategy: StatefulSetUpdateStrategy, path: string): FieldError[] {
	const { type, rollingUpdate } = strategy;
	if (!type) return [required(path)];
	if (type === "OnDelete")
		return rollingUpdate
			? [
					invalidValue(
						`${path}.rollingUpdate`,
						rollingUpdate,
						"only allowed for updateStrategy 'RollingUpdate'",
					),
				]
			: [];
	if (type !== "RollingUpdate")
		return [invalidValue(path, strategy, "must be 'RollingUpdate' or 'OnDelete'")];
	const { partition, maxUnavailable } = rollingUpdate ?? {};
	const field = `${path}.rollingUpdate.maxUnavailable`;
	const isSet = maxUnavailable !== undefined && maxUnavailable !== null;
	return [
		...nonNegative(`${path}.rollingUpdate.partition`, partition),
		...countOrPercent(field, maxUnavailable),
		...(isSet && amountOf(maxUnavailable) === 0 ? [invalidValue(field, maxUnavailable, "cannot be 0")] : []),
		...noMoreThanAll(field, maxUnavailable),
	];
}

const MUTABLE = [
	"replicas",
	"ordinals",
	"template",
	"updateStrategy",
	"revisionHistoryLimit",
	"persistentVolumeClaimRetentionPolicy",
	"minReadySeconds",
] as const;

export function validateStatefulSetUpdate({ spec }: StatefulSet, { spec: old }: StatefulSet): FieldError[] {
	const kept = Object.fromEntries(MUTABLE.map((field) => [field, old[field]]));
	if (sameValue(StatefulSetSpec, { ...spec, ...kept }, old)) return [];
	const named = MUTABLE.map((field) => `'${field}'`);
	return [
		forbiddenField(
			"spec",
			`updates to statefulset spec for fields other than ${named.slice(0, -1).join(", ")} and ${named.at(-1)} are forbidden`,
		),
	];
}

const COUNTS = [
	"replicas",
	"readyReplicas",
	"currentReplicas",
	"updatedReplicas",
	"availableReplicas",
	"observedGeneration",
	"collisionCount",
] as const;

const PARTS = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"] as const;

export const validateStatefulSetStatus = (
	{ status }: StatefulSet,
	{ status: old }: StatefulSet,
): FieldError[] => [
	...replicaCountErrors(status ?? { replicas: 0 }, COUNTS, PARTS, "status.readyReplicas"),
	...notDecremented("status.collisionCount", status?.collisionCount, old?.collisionCount),
];
