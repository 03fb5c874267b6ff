import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { bool, type Infer, mapOf, object, ref, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { validateConfigMap, validateConfigMapUpdate } from "./data-validation.ts";

const ConfigMapSchema = object("core.v1.ConfigMap", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	immutable: bool({ pb: 4, nullable: true }),
	data: mapOf(types.string, { pb: 2 }),
	binaryData: mapOf(types.bytes, { pb: 3 }),
});
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
