import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, int32, object, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validatePriorityClass, validatePriorityClassUpdate } from "./priority-class-validation.ts";

const PriorityClassSchema = object(
	"scheduling.v1.PriorityClass",
	{
		metadata: metadataField,
		value: int32({ required: true, pb: 2, doc: "The higher, the more important." }),
		globalDefault: bool({ pb: 3, doc: "Whether pods that name no class get this one." }),
		description: string({ pb: 4, doc: "What the class is for." }),
		preemptionPolicy: string({
			pb: 5,
			nullable: true,
			enum: ["PreemptLowerPriority", "Never"],
			doc: "PreemptLowerPriority lets its pods push out others, Never does not.",
		}),
	},
	"A name for how important pods are.",
);
export interface PriorityClass extends KubeObject, Omit<Infer<typeof PriorityClassSchema>, "metadata"> {}

export const PriorityClass = defineKind<PriorityClass>({
	group: "scheduling.k8s.io",
	version: "v1",
	kind: "PriorityClass",
	plural: "priorityclasses",
	shortNames: ["pc"],
	scope: "Cluster",
	schema: PriorityClassSchema,
	hasGeneration: true,
	columns: [
		{
			name: "Value",
			type: "integer",
			description: "The higher, the more important.",
			value: ({ value }) => value ?? 0,
		},
		{
			name: "Global-Default",
			type: "boolean",
			description: "Whether pods that name no class get this one.",
			value: ({ globalDefault }) => globalDefault ?? false,
		},
		ageColumn,
		{
			name: "PreemptionPolicy",
			type: "string",
			description: "Whether its pods push out others.",
			value: ({ preemptionPolicy }) => preemptionPolicy ?? "<unset>",
		},
	],
	defaults: (priority) => fillAbsent(priority, { preemptionPolicy: "PreemptLowerPriority" }),
	// Nothing in it that anybody follows may change.
	prepareUpdate: (priority, { metadata: { generation } }) =>
		generation === undefined ? priority : { ...priority, metadata: { ...priority.metadata, generation } },
	validate: validatePriorityClass,
	validateUpdate: validatePriorityClassUpdate,
});
