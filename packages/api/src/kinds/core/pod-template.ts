import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { PodTemplateSpec } from "./pod-spec.ts";

const PodTemplateSchema = object("core.v1.PodTemplate", {
	metadata: metadataField,
	template: ref(PodTemplateSpec, { pb: 2 }),
});
export interface PodTemplate extends KubeObject, Omit<Infer<typeof PodTemplateSchema>, "metadata"> {}

export const PodTemplate = defineKind<PodTemplate>({
	group: "",
	version: "v1",
	kind: "PodTemplate",
	plural: "podtemplates",
	scope: "Namespaced",
	schema: PodTemplateSchema,
	hasGeneration: true,
	columns: [],
});
