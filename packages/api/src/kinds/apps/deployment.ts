import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import {
	bool,
	type Infer,
	int32,
	int64,
	intOrString,
	object,
	ref,
	string,
	time,
} from "../../machinery/schema.ts";
import { ageColumn, workloadColumns } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { PodTemplateSpec } from "../core/pod-spec.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { metadataField } from "../metadata-field.ts";
import { defaultDeployment } from "./deployment-defaults.ts";
import {
	validateDeployment,
	validateDeploymentStatus,
	validateWorkloadUpdate,
} from "./workload-validation.ts";

export const RollingUpdateDeployment = object(
	"apps.v1.RollingUpdateDeployment",
	{
		maxUnavailable: intOrString({
			pb: 1,
			nullable: true,
			doc: "Pods that may be missing during the update, as number or percentage.",
		}),
		maxSurge: intOrString({ pb: 2, nullable: true, doc: "Pods that may be there beyond the wanted number." }),
	},
	"How many pods are replaced at once.",
);
export interface RollingUpdateDeployment extends Infer<typeof RollingUpdateDeployment> {}

export const DeploymentStrategy = object(
	"apps.v1.DeploymentStrategy",
	{
		type: string({
			pb: 1,
			enum: ["Recreate", "RollingUpdate"],
			doc: "RollingUpdate replaces little by little, Recreate stops all first.",
		}),
		rollingUpdate: ref(RollingUpdateDeployment, { pb: 2, nullable: true, doc: "How many at once." }),
	},
	"How old pods give way to new ones.",
);
export interface DeploymentStrategy extends Infer<typeof DeploymentStrategy> {}

export const DeploymentSpec = object(
	"apps.v1.DeploymentSpec",
	{
		replicas: int32({ pb: 1, nullable: true, doc: "Number of pods." }),
		selector: ref(LabelSelector, {
			required: true,
			pb: 2,
			nullable: true,
			doc: "Labels of the pods that belong to the deployment; can not be changed.",
		}),
		template: ref(PodTemplateSpec, { required: true, pb: 3, doc: "The pod to make copies of." }),
		strategy: ref(DeploymentStrategy, {
			pb: 4,
			patch: ["retainKeys"],
			doc: "How old pods give way to new ones.",
		}),
		minReadySeconds: int32({ pb: 5, doc: "Seconds that a pod must be ready before it counts as available." }),
		revisionHistoryLimit: int32({ pb: 6, nullable: true, doc: "Old replica sets kept for going back." }),
		paused: bool({ pb: 7, doc: "Do not roll out changes." }),
		progressDeadlineSeconds: int32({
			pb: 9,
			nullable: true,
			doc: "Seconds without progress after which the rollout counts as failed.",
		}),
	},
	"Which pods, how many, and how they are replaced.",
);
export interface DeploymentSpec extends Infer<typeof DeploymentSpec> {}

export const DeploymentCondition = object(
	"apps.v1.DeploymentCondition",
	{
		...conditionFields(),
		lastUpdateTime: time({ pb: 6, doc: "When it was written last." }),
		lastTransitionTime: time({ pb: 7, doc: "When the status last changed." }),
	},
	"One thing that is known of the deployment's state.",
);
export interface DeploymentCondition extends Infer<typeof DeploymentCondition> {}

export const DeploymentStatus = object(
	"apps.v1.DeploymentStatus",
	{
		observedGeneration: int64({ pb: 1, doc: "Generation that this status speaks of." }),
		replicas: int32({ pb: 2, doc: "Pods there are." }),
		updatedReplicas: int32({ pb: 3, doc: "Pods of the present template." }),
		readyReplicas: int32({ pb: 7, doc: "Pods that are ready." }),
		availableReplicas: int32({ pb: 4, doc: "Pods that have been ready for long enough." }),
		unavailableReplicas: int32({ pb: 5, doc: "Pods still missing." }),
		terminatingReplicas: int32({ pb: 9, nullable: true, doc: "Pods that are going away." }),
		conditions: conditionsField(DeploymentCondition, 6, "Whether it is available and makes progress."),
		collisionCount: int32({ pb: 8, nullable: true, doc: "Names of replica sets that were taken." }),
	},
	"How far the deployment is.",
);
export interface DeploymentStatus extends Infer<typeof DeploymentStatus> {}

const DeploymentSchema = object(
	"apps.v1.Deployment",
	{
		metadata: metadataField,
		spec: ref(DeploymentSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(DeploymentStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Keeps copies of a pod running and replaces them step by step when the template changes.",
);
export interface Deployment extends KubeObject, Omit<Infer<typeof DeploymentSchema>, "metadata" | "spec"> {
	readonly spec: DeploymentSpec;
}

export const Deployment = defineKind<Deployment>({
	group: "apps",
	version: "v1",
	kind: "Deployment",
	plural: "deployments",
	shortNames: ["deploy"],
	categories: ["all"],
	scope: "Namespaced",
	schema: DeploymentSchema,
	hasStatus: true,
	scale: { specReplicas: "spec.replicas", statusReplicas: "status.replicas", selector: "spec.selector" },
	hasGeneration: true,
	columns: [
		{
			name: "Ready",
			type: "string",
			description: "Ready pods of those wanted.",
			value: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
		},
		{
			name: "Up-to-date",
			type: "integer",
			description: "Pods of the present template.",
			value: ({ status }) => status?.updatedReplicas ?? 0,
		},
		{
			name: "Available",
			type: "integer",
			description: "Pods that have been ready for long enough.",
			value: ({ status }) => status?.availableReplicas ?? 0,
		},
		ageColumn,
		...workloadColumns<Deployment>(
			({ spec }) => spec.template.spec?.containers,
			({ spec }) => spec.selector,
		),
	],
	defaults: defaultDeployment,
	warnings: ({ spec }) => podTemplateWarnings(spec.template, "spec.template"),
	validate: validateDeployment,
	validateUpdate: validateWorkloadUpdate,
	validateStatusUpdate: validateDeploymentStatus,
	prepareCreate: (deployment) => ({ ...deployment, status: {} }),
});
