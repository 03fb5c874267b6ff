import { deepEqual } from "../../machinery/deep.ts";
import { invalidValue } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { compareQuantities } from "../../machinery/quantity.ts";
import { type Infer, object, quantity, ref, string } from "../../machinery/schema.ts";
import { invalids } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import { metadataField } from "../metadata-field.ts";

const CSIStorageCapacitySchema = object(
	"storage.v1.CSIStorageCapacity",
	{
		metadata: metadataField,
		nodeTopology: ref(LabelSelector, { pb: 2, nullable: true, doc: "Nodes that can reach it." }),
		storageClassName: string({ required: true, pb: 3, doc: "Class that it is about." }),
		capacity: quantity({ pb: 4, nullable: true, doc: "Room that is left." }),
		maximumVolumeSize: quantity({ pb: 5, nullable: true, doc: "Largest volume that can be made." }),
	},
	"How much room a driver has somewhere, for a storage class.",
);
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
	columns: [
		{
			name: "StorageClassName",
			type: "string",
			description: "Class that it is about.",
			value: ({ storageClassName }) => storageClassName,
		},
		{
			name: "Capacity",
			type: "string",
			description: "How much room there is.",
			value: ({ capacity }) => capacity ?? "<unset>",
		},
	],
	validate: ({ nodeTopology, storageClassName = "", capacity, maximumVolumeSize }) => [
		...validateLabelSelector(nodeTopology, "nodeTopology"),
		...invalids("storageClassName", storageClassName, dnsSubdomainErrors(storageClassName)),
		...amount("capacity", capacity),
		...amount("maximumVolumeSize", maximumVolumeSize),
	],
	validateUpdate: (next, old) => [
		...(deepEqual(next.nodeTopology ?? null, old.nodeTopology ?? null)
			? []
			: [invalidValue("nodeTopology", next.nodeTopology, "field is immutable")]),
		...(next.storageClassName === old.storageClassName
			? []
			: [invalidValue("storageClassName", next.storageClassName, "field is immutable")]),
	],
});

const amount = (field: string, quantity: string | undefined | null) =>
	quantity && compareQuantities(quantity, "0") < 0
		? [invalidValue(field, quantity, "must be greater than or equal to 0")]
		: [];
