import { defineKind } from "../../machinery/kind.ts";
import { Condition, type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import {
	type Infer,
	int32,
	int64,
	intOrString,
	mapOf,
	object,
	ref,
	string,
	types,
} from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { conditionsField } from "../conditions.ts";
import { metadataField } from "../metadata-field.ts";
import { validateBudget, validateBudgetStatus } from "./budget-validation.ts";

export const PodDisruptionBudgetSpec = object(
	"policy.v1.PodDisruptionBudgetSpec",
	{
		minAvailable: intOrString({
			pb: 1,
			nullable: true,
			doc: "Pods that must stay, as number or percentage.",
		}),
		selector: ref(LabelSelector, {
			pb: 2,
			nullable: true,
			patch: ["replace"],
			doc: "Labels of the pods that belong to it.",
		}),
		maxUnavailable: intOrString({
			pb: 3,
			nullable: true,
			doc: "Pods that may be missing, as number or percentage.",
		}),
		unhealthyPodEvictionPolicy: string({
			pb: 4,
			nullable: true,
			enum: ["IfHealthyBudget", "AlwaysAllow"],
			doc: "Whether unready pods may always go (AlwaysAllow), or only while enough others are healthy (IfHealthyBudget).",
		}),
	},
	"Which pods, and how many must stay.",
);
export interface PodDisruptionBudgetSpec extends Infer<typeof PodDisruptionBudgetSpec> {}

export const PodDisruptionBudgetStatus = object(
	"policy.v1.PodDisruptionBudgetStatus",
	{
		observedGeneration: int64({ pb: 1, doc: "Generation that this status speaks of." }),
		disruptedPods: mapOf(types.time, { pb: 2, doc: "Pods whose eviction was granted, until they are gone." }),
		disruptionsAllowed: int32({ pb: 3, doc: "Pods that may be evicted now." }),
		currentHealthy: int32({ pb: 4, doc: "Pods that are healthy." }),
		desiredHealthy: int32({ pb: 5, doc: "Pods that must be healthy." }),
		expectedPods: int32({ pb: 6, doc: "Pods that the budget counts." }),
		conditions: conditionsField(Condition, 7),
	},
	"How many pods may be evicted now.",
);
export interface PodDisruptionBudgetStatus extends Infer<typeof PodDisruptionBudgetStatus> {}

const PodDisruptionBudgetSchema = object(
	"policy.v1.PodDisruptionBudget",
	{
		metadata: metadataField,
		spec: ref(PodDisruptionBudgetSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(PodDisruptionBudgetStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"How many pods of an application may be evicted at once.",
);
export interface PodDisruptionBudget
	extends KubeObject,
		Omit<Infer<typeof PodDisruptionBudgetSchema>, "metadata" | "spec"> {
	readonly spec: PodDisruptionBudgetSpec;
}

const EMPTY_STATUS: PodDisruptionBudgetStatus = {
	disruptionsAllowed: 0,
	currentHealthy: 0,
	desiredHealthy: 0,
	expectedPods: 0,
};

export const PodDisruptionBudget = defineKind<PodDisruptionBudget>({
	group: "policy",
	version: "v1",
	kind: "PodDisruptionBudget",
	plural: "poddisruptionbudgets",
	shortNames: ["pdb"],
	scope: "Namespaced",
	schema: PodDisruptionBudgetSchema,
	hasStatus: true,
	hasGeneration: true,
	columns: [
		{
			name: "Min Available",
			type: "string",
			description: "Pods that must stay.",
			value: ({ spec }) => String(spec.minAvailable ?? "N/A"),
		},
		{
			name: "Max Unavailable",
			type: "string",
			description: "Pods that may be missing.",
			value: ({ spec }) => String(spec.maxUnavailable ?? "N/A"),
		},
		{
			name: "Allowed Disruptions",
			type: "integer",
			description: "Pods that may be evicted now.",
			value: ({ status }) => status?.disruptionsAllowed ?? 0,
		},
		ageColumn,
	],
	prepareCreate: (budget) => ({ ...budget, status: EMPTY_STATUS }),
	validate: validateBudget,
	validateStatusUpdate: validateBudgetStatus,
});
