import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import {
	type Infer,
	int32,
	int64,
	listOf,
	mapOf,
	object,
	ref,
	string,
	time,
	types,
} from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { PodTemplateSpec } from "./pod-spec.ts";

export const ReplicationControllerSpec = object("core.v1.ReplicationControllerSpec", {
	replicas: int32({ pb: 1, nullable: true, default: 1 }),
	minReadySeconds: int32({ pb: 4 }),
	selector: mapOf(types.string, { pb: 2, atomic: true }),
	template: ref(PodTemplateSpec, { pb: 3, nullable: true }),
});
export interface ReplicationControllerSpec extends Infer<typeof ReplicationControllerSpec> {}

export const ReplicationControllerCondition = object("core.v1.ReplicationControllerCondition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	lastTransitionTime: time({ pb: 3 }),
	reason: string({ pb: 4 }),
	message: string({ pb: 5 }),
});
export interface ReplicationControllerCondition extends Infer<typeof ReplicationControllerCondition> {}

export const ReplicationControllerStatus = object("core.v1.ReplicationControllerStatus", {
	replicas: int32({ required: true, pb: 1 }),
	fullyLabeledReplicas: int32({ pb: 2 }),
	readyReplicas: int32({ pb: 4 }),
	availableReplicas: int32({ pb: 5 }),
	observedGeneration: int64({ pb: 3 }),
	conditions: listOf(ReplicationControllerCondition, {
		pb: 6,
		list: "map",
		keys: ["type"],
		patch: ["merge"],
		mergeKey: "type",
	}),
});
export interface ReplicationControllerStatus extends Infer<typeof ReplicationControllerStatus> {}

const ReplicationControllerSchema = object("core.v1.ReplicationController", {
	metadata: metadataField,
	spec: ref(ReplicationControllerSpec, { default: {}, pb: 2 }),
	status: ref(ReplicationControllerStatus, { pb: 3 }),
});
export interface ReplicationController
	extends KubeObject,
		Omit<Infer<typeof ReplicationControllerSchema>, "metadata" | "spec"> {
	readonly spec: ReplicationControllerSpec;
}

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
	columns: [],
});
