import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { change, fillAbsent, fillZero } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validatePriorityLevel } from "./priority-level-validation.ts";

export const QueuingConfiguration = object(
	"flowcontrol.v1.QueuingConfiguration",
	{
		queues: int32({ pb: 1, doc: "How many queues there are." }),
		handSize: int32({ pb: 2, doc: "How many of them one flow may use." }),
		queueLengthLimit: int32({ pb: 3, doc: "How many requests wait in one." }),
	},
	"How requests wait for their turn.",
);
export interface QueuingConfiguration extends Infer<typeof QueuingConfiguration> {}

export const LimitResponse = object(
	"flowcontrol.v1.LimitResponse",
	{
		type: string({ required: true, pb: 1, enum: ["Queue", "Reject"], doc: "Queue or Reject." }),
		queuing: ref(QueuingConfiguration, { pb: 2, nullable: true, doc: "How requests wait." }),
	},
	"What becomes of requests beyond the limit.",
);
export interface LimitResponse extends Infer<typeof LimitResponse> {}

export const LimitedPriorityLevelConfiguration = object(
	"flowcontrol.v1.LimitedPriorityLevelConfiguration",
	{
		nominalConcurrencyShares: int32({
			pb: 1,
			nullable: true,
			doc: "Its part of what the server does at once.",
		}),
		limitResponse: ref(LimitResponse, { pb: 2, doc: "What becomes of requests beyond that." }),
		lendablePercent: int32({ pb: 3, nullable: true, doc: "How much of it others may use." }),
		borrowingLimitPercent: int32({ pb: 4, nullable: true, doc: "How much more than its part it may use." }),
	},
	"Limits of a level.",
);
export interface LimitedPriorityLevelConfiguration extends Infer<typeof LimitedPriorityLevelConfiguration> {}

export const ExemptPriorityLevelConfiguration = object(
	"flowcontrol.v1.ExemptPriorityLevelConfiguration",
	{
		nominalConcurrencyShares: int32({
			pb: 1,
			nullable: true,
			doc: "Its share of the server's seats; default 0.",
		}),
		lendablePercent: int32({
			pb: 2,
			nullable: true,
			doc: "How much of its share others may borrow, in percent; default 0.",
		}),
	},
	"A level without limits.",
);
export interface ExemptPriorityLevelConfiguration extends Infer<typeof ExemptPriorityLevelConfiguration> {}

export const PriorityLevelConfigurationSpec = object(
	"flowcontrol.v1.PriorityLevelConfigurationSpec",
	{
		type: string({
			required: true,
			pb: 1,
			enum: ["Exempt", "Limited"],
			doc: "Limited, or Exempt from limits.",
		}),
		limited: ref(LimitedPriorityLevelConfiguration, {
			pb: 2,
			nullable: true,
			doc: "How requests are held back.",
		}),
		exempt: ref(ExemptPriorityLevelConfiguration, {
			pb: 3,
			nullable: true,
			doc: "What an exempt level lends to others.",
		}),
	},
	"How many requests of a level are served at once.",
);
export interface PriorityLevelConfigurationSpec extends Infer<typeof PriorityLevelConfigurationSpec> {}

export const PriorityLevelConfigurationCondition = object(
	"flowcontrol.v1.PriorityLevelConfigurationCondition",
	{
		...conditionFields(),
		type: string({ pb: 1, doc: "What it speaks of." }),
		status: string({ pb: 2, doc: "True, False or Unknown." }),
	},
	"One thing that is known of a level.",
);
export interface PriorityLevelConfigurationCondition
	extends Infer<typeof PriorityLevelConfigurationCondition> {}

export const PriorityLevelConfigurationStatus = object(
	"flowcontrol.v1.PriorityLevelConfigurationStatus",
	{
		conditions: conditionsField(PriorityLevelConfigurationCondition, 1),
	},
	"What is known of a level.",
);
export interface PriorityLevelConfigurationStatus extends Infer<typeof PriorityLevelConfigurationStatus> {}

const PriorityLevelConfigurationSchema = object(
	"flowcontrol.v1.PriorityLevelConfiguration",
	{
		metadata: metadataField,
		spec: ref(PriorityLevelConfigurationSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(PriorityLevelConfigurationStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"A part of the server's attention, for the requests of a level.",
);
export interface PriorityLevelConfiguration
	extends KubeObject,
		Omit<Infer<typeof PriorityLevelConfigurationSchema>, "metadata" | "spec"> {
	readonly spec: PriorityLevelConfigurationSpec;
}

export const PriorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
	group: "flowcontrol.apiserver.k8s.io",
	version: "v1",
	kind: "PriorityLevelConfiguration",
	plural: "prioritylevelconfigurations",
	scope: "Cluster",
	schema: PriorityLevelConfigurationSchema,
	hasStatus: true,
	hasGeneration: true,
	columns: [
		{
			name: "Type",
			type: "string",
			description: "Limited, or exempt from limits.",
			value: ({ spec }) => spec.type,
		},
		{
			name: "NominalConcurrencyShares",
			type: "string",
			description: "Its part of what the server does at once.",
			value: ({ spec }) => spec.limited?.nominalConcurrencyShares ?? "<none>",
		},
		{
			name: "Queues",
			type: "string",
			description: "How many queues it has.",
			value: ({ spec }) => spec.limited?.limitResponse?.queuing?.queues ?? "<none>",
		},
		{
			name: "HandSize",
			type: "string",
			description: "How many queues a flow may use.",
			value: ({ spec }) => spec.limited?.limitResponse?.queuing?.handSize ?? "<none>",
		},
		{
			name: "QueueLengthLimit",
			type: "string",
			description: "How many requests wait in a queue.",
			value: ({ spec }) => spec.limited?.limitResponse?.queuing?.queueLengthLimit ?? "<none>",
		},
		ageColumn,
	],
	defaults: (level) => change(level, "spec", specDefaults),
	validate: validatePriorityLevel,
});

function specDefaults(spec: PriorityLevelConfigurationSpec): PriorityLevelConfigurationSpec {
	const exempt =
		spec.type === "Exempt"
			? fillAbsent({ ...spec.exempt }, { nominalConcurrencyShares: 0, lendablePercent: 0 })
			: spec.exempt;
	const whole = exempt ? { ...spec, exempt } : spec;
	return change(whole, "limited", (limited) =>
		change(
			fillAbsent(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 }),
			"limitResponse",
			(response) =>
				change(response, "queuing", (queuing) =>
					fillZero(queuing, { queues: 64, handSize: 8, queueLengthLimit: 50 }),
				),
		),
	);
}
