import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, mapOf, object, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";

const VolumeAttributesClassSchema = object("storage.v1.VolumeAttributesClass", {
	metadata: metadataField,
	driverName: string({ required: true, pb: 2 }),
	parameters: mapOf(types.string, { pb: 3 }),
});
export interface VolumeAttributesClass
	extends KubeObject,
		Omit<Infer<typeof VolumeAttributesClassSchema>, "metadata"> {}

export const VolumeAttributesClass = defineKind<VolumeAttributesClass>({
	group: "storage.k8s.io",
	version: "v1",
	kind: "VolumeAttributesClass",
	plural: "volumeattributesclasses",
	shortNames: ["vac"],
	scope: "Cluster",
	schema: VolumeAttributesClassSchema,
	columns: [ageColumn],
});
