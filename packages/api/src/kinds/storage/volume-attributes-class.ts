import { deepEqual } from "../../machinery/deep.ts";
import { required } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, mapOf, object, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { fixed, nameWithDefault, parameterErrors, provisionerErrors } from "./storage-validation.ts";

const VolumeAttributesClassSchema = object(
	"storage.v1.VolumeAttributesClass",
	{
		metadata: metadataField,
		driverName: string({ required: true, pb: 2, doc: "Driver that knows the parameters." }),
		parameters: mapOf(types.string, { pb: 3, doc: "The settings." }),
	},
	"Settings of volumes that may change while they are used.",
);
export interface VolumeAttributesClass
	extends KubeObject,
		Omit<Infer<typeof VolumeAttributesClassSchema>, "metadata"> {}

const DEFAULT_MARKS = ["volumeattributesclass.alpha.kubernetes.io/is-default-class"];

export const VolumeAttributesClass = defineKind<VolumeAttributesClass>({
	group: "storage.k8s.io",
	version: "v1",
	kind: "VolumeAttributesClass",
	plural: "volumeattributesclasses",
	shortNames: ["vac"],
	scope: "Cluster",
	schema: VolumeAttributesClassSchema,
	columns: [
		{
			name: "Name",
			type: "string",
			format: "name",
			description: "Name of the class; the default one is marked.",
			value: ({ metadata }) => nameWithDefault(metadata.name, metadata.annotations, DEFAULT_MARKS),
		},
		{
			name: "DriverName",
			type: "string",
			description: "Driver that knows the parameters.",
			value: ({ driverName }) => driverName,
		},
		ageColumn,
	],
	validate: ({ driverName, parameters = {} }) => [
		...provisionerErrors("driverName", driverName),
		...(Object.keys(parameters).length === 0
			? [required("parameters", "must contain at least one key/value pair")]
			: parameterErrors(parameters)),
	],
	validateUpdate: (next, old) => [
		...(next.driverName === old.driverName ? [] : [fixed("driverName")]),
		...(deepEqual(next.parameters ?? {}, old.parameters ?? {}) ? [] : [fixed("parameters")]),
	],
});
