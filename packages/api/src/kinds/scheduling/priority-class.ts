import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, int32, object, string } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";

const PriorityClassSchema = object("scheduling.v1.PriorityClass", {
	metadata: metadataField,
	value: int32({ required: true, pb: 2 }),
	globalDefault: bool({ pb: 3 }),
	description: string({ pb: 4 }),
	preemptionPolicy: string({ pb: 5, nullable: true, enum: ["PreemptLowerPriority", "Never"] }),
});
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
	columns: [],
});
