import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { containerColumns, formatLabels } from "../columns.ts";
import { change } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { defaultPodTemplate } from "./pod-defaults.ts";
import { PodTemplateSpec } from "./pod-spec.ts";
import { validatePodTemplate } from "./pod-template-validation.ts";
import { podTemplateWarnings } from "./pod-warnings.ts";

const PodTemplateSchema = object(
	"core.v1.PodTemplate",
	{
		metadata: metadataField,
		template: ref(PodTemplateSpec, { pb: 2, doc: "The pod to make copies of." }),
	},
	"A pod to make copies of, on its own.",
);
export interface PodTemplate extends KubeObject, Omit<Infer<typeof PodTemplateSchema>, "metadata"> {}

export const PodTemplate = defineKind<PodTemplate>({
	group: "",
	version: "v1",
	kind: "PodTemplate",
	plural: "podtemplates",
	scope: "Namespaced",
	schema: PodTemplateSchema,
	hasGeneration: true,
	columns: [
		...containerColumns<PodTemplate>(({ template }) => template?.spec?.containers, 0),
		{
			name: "Pod Labels",
			type: "string",
			description: "Labels of pods made from it.",
			value: ({ template }) => formatLabels(template?.metadata?.labels),
		},
	],
	defaults: (object) => change(object, "template", defaultPodTemplate),
	warnings: ({ template }) => podTemplateWarnings(template, "template"),
	validate: ({ template }) => validatePodTemplate(template ?? {}, "template"),
});
