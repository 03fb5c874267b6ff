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
	time,
} from "../../machinery/schema.ts";
import { ageColumn, containerColumns } from "../columns.ts";
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

export const RollingUpdateStatefulSetStrategy = object("apps.v1.RollingUpdateStatefulSetStrategy", {
	partition: int32({ pb: 1, nullable: true }),
	maxUnavailable: intOrString({ pb: 2, nullable: true }),
});
export interface RollingUpdateStatefulSetStrategy extends Infer<typeof RollingUpdateStatefulSetStrategy> {}

export const StatefulSetUpdateStrategy = object("apps.v1.StatefulSetUpdateStrategy", {
	type: string({ pb: 1 }),
	rollingUpdate: ref(RollingUpdateStatefulSetStrategy, { pb: 2, nullable: true }),
});
export interface StatefulSetUpdateStrategy extends Infer<typeof StatefulSetUpdateStrategy> {}

export const StatefulSetPersistentVolumeClaimRetentionPolicy = object(
	"apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy",
	{
		whenDeleted: string({ pb: 1, enum: ["Retain", "Delete"] }),
		whenScaled: string({ pb: 2, enum: ["Retain", "Delete"] }),
	},
);
export interface StatefulSetPersistentVolumeClaimRetentionPolicy
	extends Infer<typeof StatefulSetPersistentVolumeClaimRetentionPolicy> {}

export const StatefulSetOrdinals = object("apps.v1.StatefulSetOrdinals", {
	start: int32({ pb: 1 }),
});
export interface StatefulSetOrdinals extends Infer<typeof StatefulSetOrdinals> {}

export const StatefulSetSpec = object("apps.v1.StatefulSetSpec", {
	replicas: int32({ pb: 1, nullable: true }),
	selector: ref(LabelSelector, { required: true, pb: 2, nullable: true }),
	template: ref(PodTemplateSpec, { required: true, pb: 3 }),
	volumeClaimTemplates: listOf(PersistentVolumeClaimSchema, { pb: 4, list: "atomic" }),
	serviceName: string({ pb: 5 }),
	podManagementPolicy: string({ pb: 6 }),
	updateStrategy: ref(StatefulSetUpdateStrategy, { pb: 7 }),
	revisionHistoryLimit: int32({ pb: 8, nullable: true }),
	minReadySeconds: int32({ pb: 9 }),
	persistentVolumeClaimRetentionPolicy: ref(StatefulSetPersistentVolumeClaimRetentionPolicy, {
		pb: 10,
		nullable: true,
	}),
	ordinals: ref(StatefulSetOrdinals, { pb: 11, nullable: true }),
});
export interface StatefulSetSpec extends Infer<typeof StatefulSetSpec> {}

export const StatefulSetCondition = object("apps.v1.StatefulSetCondition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	lastTransitionTime: time({ pb: 3 }),
	reason: string({ pb: 4 }),
	message: string({ pb: 5 }),
});
export interface StatefulSetCondition extends Infer<typeof StatefulSetCondition> {}

export const StatefulSetStatus = object("apps.v1.StatefulSetStatus", {
	observedGeneration: int64({ pb: 1 }),
	replicas: int32({ required: true, pb: 2 }),
	readyReplicas: int32({ pb: 3 }),
	currentReplicas: int32({ pb: 4 }),
	updatedReplicas: int32({ pb: 5 }),
	currentRevision: string({ pb: 6 }),
	updateRevision: string({ pb: 7 }),
	collisionCount: int32({ pb: 9, nullable: true }),
	conditions: listOf(StatefulSetCondition, {
		pb: 10,
		list: "map",
		keys: ["type"],
		patch: ["merge"],
		mergeKey: "type",
	}),
	availableReplicas: int32({ pb: 11 }),
});
export interface StatefulSetStatus extends Infer<typeof StatefulSetStatus> {}

const StatefulSetSchema = object("apps.v1.StatefulSet", {
	metadata: metadataField,
	spec: ref(StatefulSetSpec, { default: {}, pb: 2 }),
	status: ref(StatefulSetStatus, { pb: 3 }),
});
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
	prepareCreate: (set) => ({ ...set, status: { replicas: 0 } }),
	warnings: ({ spec }) => podTemplateWarnings(spec.template, "spec.template"),
	validate: validateStatefulSet,
	validateUpdate: validateStatefulSetUpdate,
	validateStatusUpdate: validateStatefulSetStatus,
});
