import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref, string, within } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { validateDeviceClass } from "./claim-validation.ts";
import { DeviceSelector, deviceConfigurationFields } from "./selector.ts";

export const DeviceClassConfiguration = object(
	"resource.v1.DeviceClassConfiguration",
	{
		...within(1, deviceConfigurationFields),
	},
	"Settings of the devices of a class.",
);
export interface DeviceClassConfiguration extends Infer<typeof DeviceClassConfiguration> {}

export const DeviceClassSpec = object(
	"resource.v1.DeviceClassSpec",
	{
		selectors: listOf(DeviceSelector, {
			pb: 1,
			list: "atomic",
			doc: "CEL conditions that all of its devices meet.",
		}),
		config: listOf(DeviceClassConfiguration, { pb: 2, list: "atomic", doc: "Settings for the driver." }),
		extendedResourceName: string({
			pb: 4,
			nullable: true,
			doc: "Resource of containers that stands for one such device.",
		}),
	},
	"Which devices are of a class, and how they are set up.",
);
export interface DeviceClassSpec extends Infer<typeof DeviceClassSpec> {}

const DeviceClassSchema = object(
	"resource.v1.DeviceClass",
	{
		metadata: metadataField,
		spec: ref(DeviceClassSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
	},
	"A sort of devices that claims may ask for.",
);
export interface DeviceClass extends KubeObject, Omit<Infer<typeof DeviceClassSchema>, "metadata"> {}

export const DeviceClass = defineKind<DeviceClass>({
	group: "resource.k8s.io",
	version: "v1",
	kind: "DeviceClass",
	plural: "deviceclasses",
	scope: "Cluster",
	schema: DeviceClassSchema,
	hasGeneration: true,
	columns: [ageColumn],
	validate: validateDeviceClass,
});
