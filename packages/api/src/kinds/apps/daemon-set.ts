import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import { type Infer, int32, int64, intOrString, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn, formatLabels, workloadColumns } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { PodTemplateSpec } from "../core/pod-spec.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { metadataField } from "../metadata-field.ts";
import {
	defaultDaemonSet,
	validateDaemonSet,
	validateDaemonSetStatus,
	withTemplateGeneration,
} from "./daemon-set-validation.ts";
import { validateWorkloadUpdate } from "./workload-validation.ts";

export const RollingUpdateDaemonSet = object(
	"apps.v1.RollingUpdateDaemonSet",
	{
		maxUnavailable: intOrString({
			pb: 1,
			nullable: true,
			doc: "Nodes that may be without their pod, as number or percentage.",
		}),
		maxSurge: intOrString({
			pb: 2,
			nullable: true,
			doc: "Nodes that may have the old and the new pod, as number or percentage.",
		}),
	},
	"How many nodes are without their pod, or have two, at once.",
);
export interface RollingUpdateDaemonSet extends Infer<typeof RollingUpdateDaemonSet> {}

export const DaemonSetUpdateStrategy = object(
	"apps.v1.DaemonSetUpdateStrategy",
	{
		type: string({
			pb: 1,
			enum: ["RollingUpdate", "OnDelete"],
			doc: "RollingUpdate replaces pods by itself, OnDelete waits until somebody deletes them.",
		}),
		rollingUpdate: ref(RollingUpdateDaemonSet, { pb: 2, nullable: true, doc: "Settings of RollingUpdate." }),
	},
	"How old pods give way to new ones.",
);
export interface DaemonSetUpdateStrategy extends Infer<typeof DaemonSetUpdateStrategy> {}

export const DaemonSetSpec = object(
	"apps.v1.DaemonSetSpec",
	{
		selector: ref(LabelSelector, {
			required: true,
			pb: 1,
			nullable: true,
			doc: "Labels of the pods that belong to it.",
		}),
		template: ref(PodTemplateSpec, { required: true, pb: 2, doc: "The pod to make copies of." }),
		updateStrategy: ref(DaemonSetUpdateStrategy, { pb: 3, doc: "How old pods give way to new ones." }),
		minReadySeconds: int32({ pb: 4, doc: "Seconds that a pod must be ready before it counts as available." }),
		revisionHistoryLimit: int32({ pb: 6, nullable: true, doc: "Old revisions kept for going back." }),
	},
	"Which pod, on which nodes, and how it is replaced.",
);
export interface DaemonSetSpec extends Infer<typeof DaemonSetSpec> {}

export const DaemonSetCondition = object(
	"apps.v1.DaemonSetCondition",
	{
		...conditionFields(),
	},
	"One thing that is known of the set's state.",
);
export interface DaemonSetCondition extends Infer<typeof DaemonSetCondition> {}

export const DaemonSetStatus = object(
	"apps.v1.DaemonSetStatus",
	{
		currentNumberScheduled: int32({ required: true, pb: 1, doc: "Nodes that should run the pod and do." }),
		numberMisscheduled: int32({ required: true, pb: 2, doc: "Nodes that run the pod and should not." }),
		desiredNumberScheduled: int32({ required: true, pb: 3, doc: "Nodes that should run the pod." }),
		numberReady: int32({ required: true, pb: 4, doc: "Nodes whose pod is ready." }),
		observedGeneration: int64({ pb: 5, doc: "Generation that this status speaks of." }),
		updatedNumberScheduled: int32({ pb: 6, doc: "Nodes with a pod of the present template." }),
		numberAvailable: int32({ pb: 7, doc: "Nodes whose pod has been ready for long enough." }),
		numberUnavailable: int32({ pb: 8, doc: "Nodes that should have an available pod and do not." }),
		collisionCount: int32({ pb: 9, nullable: true, doc: "Names of revisions that were taken." }),
		conditions: conditionsField(DaemonSetCondition, 10),
	},
	"On how many nodes the pod runs.",
);
export interface DaemonSetStatus extends Infer<typeof DaemonSetStatus> {}

const DaemonSetSchema = object(
	"apps.v1.DaemonSet",
	{
		metadata: metadataField,
		spec: ref(DaemonSetSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(DaemonSetStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Runs one copy of a pod on every node, or on every node of a kind.",
);
export interface DaemonSet extends KubeObject, Omit<Infer<typeof DaemonSetSchema>, "metadata" | "spec"> {
	readonly spec: DaemonSetSpec;
}

const EMPTY_STATUS: DaemonSetStatus = {
	currentNumberScheduled: 0,
	numberMisscheduled: 0,
	desiredNumberScheduled: 0,
	numberReady: 0,
};

export const DaemonSet = defineKind<DaemonSet>({
	group: "apps",
	version: "v1",
	kind: "DaemonSet",
	plural: "daemonsets",
	shortNames: ["ds"],
	categories: ["all"],
	scope: "Namespaced",
	schema: DaemonSetSchema,
	hasStatus: true,
	hasGeneration: true,
	columns: [
		{
			name: "Desired",
			type: "integer",
			description: "Nodes that should run its pod.",
			value: ({ status }) => status?.desiredNumberScheduled ?? 0,
		},
		{
			name: "Current",
			type: "integer",
			description: "Nodes that should run its pod and do.",
			value: ({ status }) => status?.currentNumberScheduled ?? 0,
		},
		{
			name: "Ready",
			type: "integer",
			description: "Nodes with a ready pod of it.",
			value: ({ status }) => status?.numberReady ?? 0,
		},
		{
			name: "Up-to-date",
			type: "integer",
			description: "Nodes with a pod of the present template.",
			value: ({ status }) => status?.updatedNumberScheduled ?? 0,
		},
		{
			name: "Available",
			type: "integer",
			description: "Nodes whose pod has been ready for long enough.",
			value: ({ status }) => status?.numberAvailable ?? 0,
		},
		{
			name: "Node Selector",
			type: "string",
			description: "Labels that its nodes must have.",
			value: ({ spec }) => formatLabels(spec.template?.spec?.nodeSelector),
		},
		ageColumn,
		...workloadColumns<DaemonSet>(
			({ spec }) => spec.template?.spec?.containers,
			({ spec }) => spec.selector,
		),
	],
	defaults: defaultDaemonSet,
	prepareCreate: (set) => ({ ...withTemplateGeneration(set), status: EMPTY_STATUS }),
	prepareUpdate: withTemplateGeneration,
	warnings: ({ spec }) => podTemplateWarnings(spec.template, "spec.template"),
	validate: validateDaemonSet,
	validateUpdate: validateWorkloadUpdate,
	validateStatusUpdate: validateDaemonSetStatus,
});
