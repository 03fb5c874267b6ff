import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import {
	type Infer,
	int32,
	int64,
	intOrString,
	listOf,
	object,
	ref,
	string,
} from "../../machinery/schema.ts";
import { ageColumn, containerColumns } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { PersistentVolumeClaimSchema } from "../core/persistent-volume-claim.ts";
import { PodTemplateSpec } from "../core/pod-spec.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { metadataField } from "../metadata-field.ts";
import { defaultStatefulSet } from "./stateful-set-defaults.ts";
import {
	validateStatefulSet,
	validateStatefulSetStatus,
	validateStatefulSetUpdate,
} from "./stateful-set-validation.ts";

export const RollingUpdateStatefulSetStrategy = object(
	"apps.v1.RollingUpdateStatefulSetStrategy",
	{
		partition: int32({ pb: 1, nullable: true, doc: "Pods with a lower number keep the old template." }),
		maxUnavailable: intOrString({
			pb: 2,
			nullable: true,
			doc: "Pods that may be missing at once, as number or percentage.",
		}),
	},
	"Which pods are replaced, and how many at once.",
);
export interface RollingUpdateStatefulSetStrategy extends Infer<typeof RollingUpdateStatefulSetStrategy> {}

export const StatefulSetUpdateStrategy = object(
	"apps.v1.StatefulSetUpdateStrategy",
	{
		type: string({
			pb: 1,
			doc: "RollingUpdate replaces pods by itself, OnDelete waits until somebody deletes them.",
		}),
		rollingUpdate: ref(RollingUpdateStatefulSetStrategy, {
			pb: 2,
			nullable: true,
			doc: "Settings of RollingUpdate.",
		}),
	},
	"How old pods give way to new ones.",
);
export interface StatefulSetUpdateStrategy extends Infer<typeof StatefulSetUpdateStrategy> {}

export const StatefulSetPersistentVolumeClaimRetentionPolicy = object(
	"apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy",
	{
		whenDeleted: string({
			pb: 1,
			enum: ["Retain", "Delete"],
			doc: "Retain or Delete claims when the set is deleted.",
		}),
		whenScaled: string({
			pb: 2,
			enum: ["Retain", "Delete"],
			doc: "Retain or Delete claims of pods that are scaled away.",
		}),
	},
	"What becomes of claims that are not needed any more.",
);
export interface StatefulSetPersistentVolumeClaimRetentionPolicy
	extends Infer<typeof StatefulSetPersistentVolumeClaimRetentionPolicy> {}

export const StatefulSetOrdinals = object(
	"apps.v1.StatefulSetOrdinals",
	{
		start: int32({ pb: 1, doc: "Number of the first pod." }),
	},
	"How pods are numbered.",
);
export interface StatefulSetOrdinals extends Infer<typeof StatefulSetOrdinals> {}

export const StatefulSetSpec = object(
	"apps.v1.StatefulSetSpec",
	{
		replicas: int32({ pb: 1, nullable: true, doc: "Number of pods." }),
		selector: ref(LabelSelector, {
			required: true,
			pb: 2,
			nullable: true,
			doc: "Labels of the pods that belong to it.",
		}),
		template: ref(PodTemplateSpec, { required: true, pb: 3, doc: "The pod to make copies of." }),
		volumeClaimTemplates: listOf(PersistentVolumeClaimSchema, {
			pb: 4,
			list: "atomic",
			doc: "Claims that every pod gets, each pod its own.",
		}),
		serviceName: string({ pb: 5, doc: "Headless service that gives the pods their names in DNS." }),
		podManagementPolicy: string({
			pb: 6,
			doc: "OrderedReady starts one pod after the other, Parallel all at once.",
		}),
		updateStrategy: ref(StatefulSetUpdateStrategy, { pb: 7, doc: "How old pods give way to new ones." }),
		revisionHistoryLimit: int32({ pb: 8, nullable: true, doc: "Old revisions kept for going back." }),
		minReadySeconds: int32({ pb: 9, doc: "Seconds that a pod must be ready before it counts as available." }),
		persistentVolumeClaimRetentionPolicy: ref(StatefulSetPersistentVolumeClaimRetentionPolicy, {
			pb: 10,
			nullable: true,
			doc: "What becomes of claims that are not needed any more.",
		}),
		ordinals: ref(StatefulSetOrdinals, { pb: 11, nullable: true, doc: "How pods are numbered." }),
	},
	"Which pods and claims, how many, and how they are replaced.",
);
export interface StatefulSetSpec extends Infer<typeof StatefulSetSpec> {}

export const StatefulSetCondition = object(
	"apps.v1.StatefulSetCondition",
	{
		...conditionFields(),
	},
	"One thing that is known of the set's state.",
);
export interface StatefulSetCondition extends Infer<typeof StatefulSetCondition> {}

export const StatefulSetStatus = object(
	"apps.v1.StatefulSetStatus",
	{
		observedGeneration: int64({ pb: 1, doc: "Generation that this status speaks of." }),
		replicas: int32({ required: true, pb: 2, doc: "Number of pods." }),
		readyReplicas: int32({ pb: 3, doc: "Pods that are ready." }),
		currentReplicas: int32({ pb: 4, doc: "Pods of the current revision." }),
		updatedReplicas: int32({ pb: 5, doc: "Pods of the update revision." }),
		currentRevision: string({ pb: 6, doc: "Revision of pods that are not replaced yet." }),
		updateRevision: string({ pb: 7, doc: "Revision of pods that are new." }),
		collisionCount: int32({ pb: 9, nullable: true, doc: "Names of revisions that were taken." }),
		conditions: conditionsField(StatefulSetCondition, 10),
		availableReplicas: int32({ pb: 11, doc: "Pods that have been ready for long enough." }),
	},
	"How far the set is.",
);
export interface StatefulSetStatus extends Infer<typeof StatefulSetStatus> {}

const StatefulSetSchema = object(
	"apps.v1.StatefulSet",
	{
		metadata: metadataField,
		spec: ref(StatefulSetSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(StatefulSetStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Runs pods that keep their names, their order and their volumes.",
);
export interface StatefulSet extends KubeObject, Omit<Infer<typeof StatefulSetSchema>, "metadata" | "spec"> {
	readonly spec: StatefulSetSpec;
}

export const StatefulSet = defineKind<StatefulSet>({
	group: "apps",
	version: "v1",
	kind: "StatefulSet",
	plural: "statefulsets",
	shortNames: ["sts"],
	categories: ["all"],
	scope: "Namespaced",
	schema: StatefulSetSchema,
	hasStatus: true,
	hasGeneration: true,
	scale: { specReplicas: "spec.replicas", statusReplicas: "status.replicas", selector: "spec.selector" },
	columns: [
		{
			name: "Ready",
			type: "string",
			description: "Ready pods of those wanted.",
			value: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
		},
		ageColumn,
		...containerColumns<StatefulSet>(({ spec }) => spec.template?.spec?.containers),
	],
	name: "dnsLabel",
	defaults: defaultStatefulSet,
	prepareCreate: (set) => ({ ...set, status: { replicas: 0, availableReplicas: 0 } }),
	warnings: ({ spec }) => podTemplateWarnings(spec.template, "spec.template"),
	validate: validateStatefulSet,
	validateUpdate: validateStatefulSetUpdate,
	validateStatusUpdate: validateStatefulSetStatus,
});
