import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import { type Infer, int32, int64, object, ref } from "../../machinery/schema.ts";
import { ageColumn, replicaColumns, workloadColumns } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { defaultPodTemplate } from "../core/pod-defaults.ts";
import { PodTemplateSpec } from "../core/pod-spec.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateReplicaSet, validateReplicaStatus, validateWorkloadUpdate } from "./workload-validation.ts";

export const ReplicaSetSpec = object(
	"apps.v1.ReplicaSetSpec",
	{
		replicas: int32({ pb: 1, nullable: true, doc: "Number of pods." }),
		minReadySeconds: int32({ pb: 4, doc: "Seconds that a pod must be ready before it counts as available." }),
		selector: ref(LabelSelector, {
			required: true,
			pb: 2,
			nullable: true,
			doc: "Labels of the pods that belong to the set; can not be changed.",
		}),
		template: ref(PodTemplateSpec, { pb: 3, doc: "The pod to make copies of." }),
	},
	"Which pods, and how many.",
);
export interface ReplicaSetSpec extends Infer<typeof ReplicaSetSpec> {}

export const ReplicaSetCondition = object(
	"apps.v1.ReplicaSetCondition",
	{
		...conditionFields(),
	},
	"One thing that is known of the set's state.",
);
export interface ReplicaSetCondition extends Infer<typeof ReplicaSetCondition> {}

export const ReplicaSetStatus = object(
	"apps.v1.ReplicaSetStatus",
	{
		replicas: int32({ required: true, pb: 1, doc: "Pods there are." }),
		fullyLabeledReplicas: int32({ pb: 2, doc: "Pods that have all labels of the template." }),
		readyReplicas: int32({ pb: 4, doc: "Pods that are ready." }),
		availableReplicas: int32({ pb: 5, doc: "Pods that have been ready for long enough." }),
		terminatingReplicas: int32({ pb: 7, nullable: true, doc: "Pods that are on their way out." }),
		observedGeneration: int64({ pb: 3, doc: "Generation that this status speaks of." }),
		conditions: conditionsField(ReplicaSetCondition, 6),
	},
	"How many pods there are, and how they are.",
);
export interface ReplicaSetStatus extends Infer<typeof ReplicaSetStatus> {}

const ReplicaSetSchema = object(
	"apps.v1.ReplicaSet",
	{
		metadata: metadataField,
		spec: ref(ReplicaSetSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(ReplicaSetStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Keeps a number of copies of a pod running. Usually made by a Deployment.",
);
export interface ReplicaSet extends KubeObject, Omit<Infer<typeof ReplicaSetSchema>, "metadata" | "spec"> {
	readonly spec: ReplicaSetSpec;
}

export const ReplicaSet = defineKind<ReplicaSet>({
	group: "apps",
	version: "v1",
	kind: "ReplicaSet",
	plural: "replicasets",
	shortNames: ["rs"],
	categories: ["all"],
	scope: "Namespaced",
	schema: ReplicaSetSchema,
	hasStatus: true,
	scale: { specReplicas: "spec.replicas", statusReplicas: "status.replicas", selector: "spec.selector" },
	hasGeneration: true,
	columns: [
		...replicaColumns,
		ageColumn,
		...workloadColumns<ReplicaSet>(
			({ spec }) => spec.template?.spec?.containers,
			({ spec }) => spec.selector,
		),
	],
	selectableFields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
	defaults: (replicaSet) =>
		change(replicaSet, "spec", (spec) =>
			fillAbsent(change(spec, "template", defaultPodTemplate), { replicas: 1 }),
		),
	warnings: ({ spec }) => podTemplateWarnings(spec.template, "spec.template"),
	validate: validateReplicaSet,
	validateUpdate: validateWorkloadUpdate,
	validateStatusUpdate: validateReplicaStatus,
	prepareCreate: (replicaSet) => ({ ...replicaSet, status: { replicas: 0 } }),
});
