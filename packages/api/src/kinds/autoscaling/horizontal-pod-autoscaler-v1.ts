import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, int64, object, ref, string, time } from "../../machinery/schema.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateAutoscaler, validateAutoscalerStatus } from "./autoscaler-validation.ts";
import { HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";
import { autoscalerV1Of, storedAutoscaler } from "./stored-autoscaler.ts";

export const CrossVersionObjectReferenceV1 = object(
	"autoscaling.v1.CrossVersionObjectReference",
	{
		kind: string({ required: true, pb: 1, doc: "Kind of the object." }),
		name: string({ required: true, pb: 2, doc: "Name of the object." }),
		apiVersion: string({ pb: 3, doc: "Group and version of the object." }),
	},
	"An object of the same namespace.",
);
export interface CrossVersionObjectReferenceV1 extends Infer<typeof CrossVersionObjectReferenceV1> {}

export const HorizontalPodAutoscalerSpecV1 = object(
	"autoscaling.v1.HorizontalPodAutoscalerSpec",
	{
		scaleTargetRef: ref(CrossVersionObjectReferenceV1, { required: true, pb: 1, doc: "What is scaled." }),
		minReplicas: int32({ pb: 2, nullable: true, doc: "Fewest pods." }),
		maxReplicas: int32({ required: true, pb: 3, doc: "Most pods." }),
		targetCPUUtilizationPercentage: int32({
			pb: 4,
			nullable: true,
			doc: "How busy processors should be, in per cent of what was requested.",
		}),
	},
	"What is scaled, and between which bounds.",
);
export interface HorizontalPodAutoscalerSpecV1 extends Infer<typeof HorizontalPodAutoscalerSpecV1> {}

export const HorizontalPodAutoscalerStatusV1 = object(
	"autoscaling.v1.HorizontalPodAutoscalerStatus",
	{
		observedGeneration: int64({ pb: 1, nullable: true, doc: "Generation that this status speaks of." }),
		lastScaleTime: time({ pb: 2, nullable: true, doc: "When the number of pods was last changed." }),
		currentReplicas: int32({ required: true, pb: 3, doc: "Pods there are." }),
		desiredReplicas: int32({ required: true, pb: 4, doc: "Pods that there should be." }),
		currentCPUUtilizationPercentage: int32({
			pb: 5,
			nullable: true,
			doc: "How busy processors are, in per cent of what was requested.",
		}),
	},
	"What was measured, and what followed.",
);
export interface HorizontalPodAutoscalerStatusV1 extends Infer<typeof HorizontalPodAutoscalerStatusV1> {}

const HorizontalPodAutoscalerSchema = object(
	"autoscaling.v1.HorizontalPodAutoscaler",
	{
		metadata: metadataField,
		spec: ref(HorizontalPodAutoscalerSpecV1, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(HorizontalPodAutoscalerStatusV1, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Changes the number of a workload's pods by how busy their processors are.",
);
export interface HorizontalPodAutoscalerV1
	extends KubeObject,
		Omit<Infer<typeof HorizontalPodAutoscalerSchema>, "metadata" | "spec"> {
	readonly spec: HorizontalPodAutoscalerSpecV1;
}

export const HorizontalPodAutoscalerV1 = defineKind<HorizontalPodAutoscalerV1>({
	group: "autoscaling",
	version: "v1",
	kind: "HorizontalPodAutoscaler",
	plural: "horizontalpodautoscalers",
	shortNames: ["hpa"],
	categories: ["all"],
	scope: "Namespaced",
	schema: HorizontalPodAutoscalerSchema,
	hasStatus: true,
	columns: HorizontalPodAutoscaler.columns.map((column) => ({
		...column,
		value: (autoscaler: HorizontalPodAutoscalerV1, now: number) =>
			column.value(storedAutoscaler(autoscaler), now),
	})),
	stored: {
		kind: HorizontalPodAutoscaler,
		read: (stored) => autoscalerV1Of(stored as HorizontalPodAutoscaler),
		write: storedAutoscaler,
	},
	defaults: (autoscaler) => change(autoscaler, "spec", (spec) => fillAbsent(spec, { minReplicas: 1 })),
	prepareCreate: (autoscaler) => ({
		...autoscaler,
		status: { currentReplicas: 0, desiredReplicas: 0 },
	}),
	validate: (autoscaler) => validateAutoscaler(storedAutoscaler(autoscaler)),
	validateStatusUpdate: (autoscaler) => validateAutoscalerStatus(storedAutoscaler(autoscaler)),
});
