import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, mapOf, object, ref, string, types } from "../../machinery/schema.ts";
import { createdAtColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { defaultLimitRange, validateLimitRange } from "./limit-range-validation.ts";

export const LimitRangeItem = object(
	"core.v1.LimitRangeItem",
	{
		type: string({ required: true, pb: 1, doc: "Pod, Container or PersistentVolumeClaim." }),
		max: mapOf(types.quantity, { pb: 2, doc: "Most of each resource." }),
		min: mapOf(types.quantity, { pb: 3, doc: "Least of each resource." }),
		default: mapOf(types.quantity, { pb: 4, doc: "Limits of containers that say none." }),
		defaultRequest: mapOf(types.quantity, { pb: 5, doc: "Requests of containers that say none." }),
		maxLimitRequestRatio: mapOf(types.quantity, { pb: 6, doc: "How many times its request a limit may be." }),
	},
	"Limits for one type of thing.",
);
export interface LimitRangeItem extends Infer<typeof LimitRangeItem> {}

export const LimitRangeSpec = object(
	"core.v1.LimitRangeSpec",
	{
		limits: listOf(LimitRangeItem, {
			required: true,
			pb: 1,
			list: "atomic",
			doc: "Limits, one entry for each type.",
		}),
	},
	"The limits.",
);
export interface LimitRangeSpec extends Infer<typeof LimitRangeSpec> {}

const LimitRangeSchema = object(
	"core.v1.LimitRange",
	{
		metadata: metadataField,
		spec: ref(LimitRangeSpec, { default: {}, pb: 2, doc: "What is wanted." }),
	},
	"What containers, pods and claims of a namespace get by default, and may have at least and at most.",
);
export interface LimitRange extends KubeObject, Omit<Infer<typeof LimitRangeSchema>, "metadata" | "spec"> {
	readonly spec: LimitRangeSpec;
}

export const LimitRange = defineKind<LimitRange>({
	group: "",
	version: "v1",
	kind: "LimitRange",
	plural: "limitranges",
	shortNames: ["limits"],
	scope: "Namespaced",
	schema: LimitRangeSchema,
	columns: [createdAtColumn],
	defaults: defaultLimitRange,
	validate: validateLimitRange,
});
