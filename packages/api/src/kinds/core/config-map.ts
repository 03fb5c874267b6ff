import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, mapOf, object, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { validateConfigMap, validateConfigMapUpdate } from "./data-validation.ts";

const ConfigMapSchema = object(
	"core.v1.ConfigMap",
	{
		metadata: metadataField,
		immutable: bool({ pb: 4, nullable: true, doc: "Never to be changed again." }),
		data: mapOf(types.string, { pb: 2, doc: "Text by key." }),
		binaryData: mapOf(types.bytes, { pb: 3, doc: "Bytes by key." }),
	},
	"Settings for pods, as keys and values.",
);
export interface ConfigMap extends KubeObject, Omit<Infer<typeof ConfigMapSchema>, "metadata"> {}

export const ConfigMap = defineKind<ConfigMap>({
	group: "",
	version: "v1",
	kind: "ConfigMap",
	plural: "configmaps",
	shortNames: ["cm"],
	scope: "Namespaced",
	schema: ConfigMapSchema,
	columns: [
		{
			name: "Data",
			type: "string",
			description: "Number of keys.",
			value: ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length,
		},
		ageColumn,
	],
	validate: validateConfigMap,
	validateUpdate: validateConfigMapUpdate,
});
