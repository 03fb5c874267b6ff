import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import { type Infer, object, quantity, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";

const CSIStorageCapacitySchema = object("storage.v1.CSIStorageCapacity", {
	metadata: metadataField,
	nodeTopology: ref(LabelSelector, { pb: 2, nullable: true }),
	storageClassName: string({ required: true, pb: 3 }),
	capacity: quantity({ pb: 4, nullable: true }),
	maximumVolumeSize: quantity({ pb: 5, nullable: true }),
});
export interface CSIStorageCapacity
	extends KubeObject,
		Omit<Infer<typeof CSIStorageCapacitySchema>, "metadata"> {}

export const CSIStorageCapacity = defineKind<CSIStorageCapacity>({
	group: "storage.k8s.io",
	version: "v1",
	kind: "CSIStorageCapacity",
	plural: "csistoragecapacities",
	scope: "Namespaced",
	schema: CSIStorageCapacitySchema,
	columns: [ageColumn],
});
