import { type FieldError, required } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, int64, mapOf, object, ref, types } from "../../machinery/schema.ts";
import { type Labels, selectorOfMap } from "../../machinery/selector.ts";
import { validateReplicaStatus } from "../apps/workload-validation.ts";
import { ageColumn, containerColumns, formatLabels, replicaColumns } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { nonNegative } from "../field-checks.ts";
import { change } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { defaultPodTemplate } from "./pod-defaults.ts";
import { PodTemplateSpec } from "./pod-spec.ts";
import { validateMatch, validatePodTemplate, validateRestarts } from "./pod-template-validation.ts";
import { podTemplateWarnings } from "./pod-warnings.ts";

export const ReplicationControllerSpec = object(
	"core.v1.ReplicationControllerSpec",
	{
		replicas: int32({ pb: 1, nullable: true, default: 1, doc: "Number of pods." }),
		minReadySeconds: int32({ pb: 4, doc: "Seconds that a pod must be ready before it counts as available." }),
		selector: mapOf(types.string, { pb: 2, atomic: true, doc: "Labels of the pods that belong to it." }),
		template: ref(PodTemplateSpec, { pb: 3, nullable: true, doc: "The pod to make copies of." }),
	},
	"Which pods, and how many.",
);
export interface ReplicationControllerSpec extends Infer<typeof ReplicationControllerSpec> {}

export const ReplicationControllerCondition = object(
	"core.v1.ReplicationControllerCondition",
	{
		...conditionFields(),
	},
	"One thing that is known of the controller's state.",
);
export interface ReplicationControllerCondition extends Infer<typeof ReplicationControllerCondition> {}

export const ReplicationControllerStatus = object(
	"core.v1.ReplicationControllerStatus",
	{
		replicas: int32({ required: true, pb: 1, doc: "Number of pods." }),
		fullyLabeledReplicas: int32({ pb: 2, doc: "Pods with all labels of the template." }),
		readyReplicas: int32({ pb: 4, doc: "Pods that are ready." }),
		availableReplicas: int32({ pb: 5, doc: "Pods that have been ready for long enough." }),
		observedGeneration: int64({ pb: 3, doc: "Generation that this status speaks of." }),
		conditions: conditionsField(ReplicationControllerCondition, 6),
	},
	"How far the controller is.",
);
export interface ReplicationControllerStatus extends Infer<typeof ReplicationControllerStatus> {}

const ReplicationControllerSchema = object(
	"core.v1.ReplicationController",
	{
		metadata: metadataField,
		spec: ref(ReplicationControllerSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(ReplicationControllerStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Keeps a number of copies of a pod running. Deployments have taken its place.",
);
export interface ReplicationController
	extends KubeObject,
		Omit<Infer<typeof ReplicationControllerSchema>, "metadata" | "spec"> {
	readonly spec: ReplicationControllerSpec;
}

/** Without labels of its own, a controller takes those of its pods, for itself and as its selector. */
function defaultController(controller: ReplicationController): ReplicationController {
	const whole = change(controller, "spec", (spec) => change(spec, "template", defaultPodTemplate));
	const labels = whole.spec?.template?.metadata?.labels;
	if (!labels || isEmpty(labels)) return whole;
	const { metadata, spec } = whole;
	return {
		...whole,
		metadata: isEmpty(metadata?.labels) ? { ...metadata, labels } : metadata,
		spec: isEmpty(spec.selector) ? { ...spec, selector: labels } : spec,
	};
}

const isEmpty = (labels: Labels | undefined) => Object.keys(labels ?? {}).length === 0;

const validateController = ({ spec }: ReplicationController): FieldError[] => [
	...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
	...(isEmpty(spec.selector) ? [required("spec.selector")] : []),
	...nonNegative("spec.replicas", spec.replicas),
	...(spec.template
		? [
				...(isEmpty(spec.selector)
					? []
					: validateMatch(selectorOfMap(spec.selector), spec.template, "spec.template")),
				...validatePodTemplate(spec.template, "spec.template"),
				...validateRestarts(spec.template, "spec.template.spec", "ReplicationController"),
			]
		: [required("spec.template")]),
];

export const ReplicationController = defineKind<ReplicationController>({
	group: "",
	version: "v1",
	kind: "ReplicationController",
	plural: "replicationcontrollers",
	shortNames: ["rc"],
	categories: ["all"],
	scope: "Namespaced",
	schema: ReplicationControllerSchema,
	hasStatus: true,
	hasGeneration: true,
	scale: { specReplicas: "spec.replicas", statusReplicas: "status.replicas", selector: "spec.selector" },
	columns: [
		...replicaColumns,
		ageColumn,
		...containerColumns<ReplicationController>(({ spec }) => spec.template?.spec?.containers),
		{
			name: "Selector",
			type: "string",
			priority: 1,
			description: "Labels of the pods that belong to it.",
			value: ({ spec }) => formatLabels(spec.selector),
		},
	],
	selectableFields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
	defaultPropagation: "Orphan",
	defaults: defaultController,
	prepareCreate: (controller) => ({ ...controller, status: { replicas: 0 } }),
	warnings: ({ spec }) => podTemplateWarnings(spec.template, "spec.template"),
	validate: validateController,
	validateStatusUpdate: validateReplicaStatus,
});
