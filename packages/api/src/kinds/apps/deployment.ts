import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector, ObjectMetaSchema } from "../../machinery/meta.ts";
import {
	bool,
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
import { ageColumn, workloadColumns } from "../columns.ts";
import { PodTemplateSpec } from "../core/pod-spec.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { defaultDeployment } from "./deployment-defaults.ts";
import {
	validateDeployment,
	validateDeploymentStatus,
	validateWorkloadUpdate,
} from "./workload-validation.ts";

export const RollingUpdateDeployment = object("apps.v1.RollingUpdateDeployment", {
	maxUnavailable: intOrString({ pb: 1, nullable: true }),
	maxSurge: intOrString({ pb: 2, nullable: true }),
});
export interface RollingUpdateDeployment extends Infer<typeof RollingUpdateDeployment> {}

export const DeploymentStrategy = object("apps.v1.DeploymentStrategy", {
	type: string({ pb: 1, enum: ["Recreate", "RollingUpdate"] }),
	rollingUpdate: ref(RollingUpdateDeployment, { pb: 2, nullable: true }),
});
export interface DeploymentStrategy extends Infer<typeof DeploymentStrategy> {}

export const DeploymentSpec = object("apps.v1.DeploymentSpec", {
	replicas: int32({ pb: 1, nullable: true }),
	selector: ref(LabelSelector, { required: true, pb: 2, nullable: true }),
	template: ref(PodTemplateSpec, { required: true, pb: 3 }),
	strategy: ref(DeploymentStrategy, { pb: 4, patch: ["retainKeys"] }),
	minReadySeconds: int32({ pb: 5 }),
	revisionHistoryLimit: int32({ pb: 6, nullable: true }),
	paused: bool({ pb: 7 }),
	progressDeadlineSeconds: int32({ pb: 9, nullable: true }),
});
export interface DeploymentSpec extends Infer<typeof DeploymentSpec> {}

export const DeploymentCondition = object("apps.v1.DeploymentCondition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	lastUpdateTime: time({ pb: 6 }),
	lastTransitionTime: time({ pb: 7 }),
	reason: string({ pb: 4 }),
	message: string({ pb: 5 }),
});
export interface DeploymentCondition extends Infer<typeof DeploymentCondition> {}

export const DeploymentStatus = object("apps.v1.DeploymentStatus", {
	observedGeneration: int64({ pb: 1 }),
	replicas: int32({ pb: 2 }),
	updatedReplicas: int32({ pb: 3 }),
	readyReplicas: int32({ pb: 7 }),
	availableReplicas: int32({ pb: 4 }),
	unavailableReplicas: int32({ pb: 5 }),
	terminatingReplicas: int32({ pb: 9, nullable: true }),
	conditions: listOf(DeploymentCondition, {
		pb: 6,
		list: "map",
		keys: ["type"],
		patch: ["merge"],
		mergeKey: "type",
	}),
	collisionCount: int32({ pb: 8, nullable: true }),
});
export interface DeploymentStatus extends Infer<typeof DeploymentStatus> {}

const DeploymentSchema = object("apps.v1.Deployment", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	spec: ref(DeploymentSpec, { default: {}, pb: 2 }),
	status: ref(DeploymentStatus, { pb: 3 }),
});
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
