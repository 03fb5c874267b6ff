import {
	bool,
	type Infer,
	int64,
	listOf,
	mapOf,
	object,
	ref,
	string,
	types,
	within,
} from "../../machinery/schema.ts";
import { DeviceSelector, DeviceToleration, deviceConfigurationFields } from "./selector.ts";

export const CapacityRequirements = object(
	"resource.v1.CapacityRequirements",
	{
		requests: mapOf(types.quantity, { pb: 1, doc: "The least of each capacity." }),
	},
	"How much of a device is needed.",
);
export interface CapacityRequirements extends Infer<typeof CapacityRequirements> {}

export const ExactDeviceRequest = object(
	"resource.v1.ExactDeviceRequest",
	{
		deviceClassName: string({ required: true, pb: 1, doc: "Class of the devices." }),
		selectors: listOf(DeviceSelector, { pb: 2, list: "atomic", doc: "CEL conditions that they must meet." }),
		allocationMode: string({ pb: 3, doc: "ExactCount, or All." }),
		count: int64({ pb: 4, doc: "How many; one by default." }),
		adminAccess: bool({ pb: 5, nullable: true, doc: "Whether devices in use may be looked at." }),
		tolerations: listOf(DeviceToleration, {
			pb: 6,
			list: "atomic",
			doc: "Taints of devices that do not matter.",
		}),
		capacity: ref(CapacityRequirements, { pb: 7, nullable: true, doc: "How much of each device is needed." }),
	},
	"A request for devices of one class.",
);
export interface ExactDeviceRequest extends Infer<typeof ExactDeviceRequest> {}

export const DeviceSubRequest = object(
	"resource.v1.DeviceSubRequest",
	{
		name: string({ required: true, pb: 1, doc: "Name of this choice." }),
		deviceClassName: string({ required: true, pb: 2, doc: "Class of the devices." }),
		selectors: listOf(DeviceSelector, { pb: 3, list: "atomic", doc: "CEL conditions that they must meet." }),
		allocationMode: string({ pb: 4, doc: "ExactCount, or All." }),
		count: int64({ pb: 5, doc: "How many; one by default." }),
		tolerations: listOf(DeviceToleration, {
			pb: 6,
			list: "atomic",
			doc: "Taints of devices that do not matter.",
		}),
		capacity: ref(CapacityRequirements, { pb: 7, nullable: true, doc: "How much of each device is needed." }),
	},
	"One of several ways to serve a request.",
);
export interface DeviceSubRequest extends Infer<typeof DeviceSubRequest> {}

export const DeviceRequest = object(
	"resource.v1.DeviceRequest",
	{
		name: string({ required: true, pb: 1, doc: "Name of the request." }),
		exactly: ref(ExactDeviceRequest, { pb: 2, nullable: true, doc: "What is wanted." }),
		firstAvailable: listOf(DeviceSubRequest, {
			pb: 3,
			list: "atomic",
			doc: "What is wanted; the first that can be had.",
		}),
	},
	"One request for devices: exactly, or the first of several that can be had.",
);
export interface DeviceRequest extends Infer<typeof DeviceRequest> {}

export const DeviceConstraint = object(
	"resource.v1.DeviceConstraint",
	{
		requests: listOf(types.string, { pb: 1, list: "atomic", doc: "Requests that it is about; none: all." }),
		matchAttribute: string({ pb: 2, nullable: true, doc: "Attribute that must be the same." }),
		distinctAttribute: string({ pb: 3, nullable: true, doc: "Attribute that must differ." }),
	},
	"Something that devices must have in common, or not.",
);
export interface DeviceConstraint extends Infer<typeof DeviceConstraint> {}

export const DeviceClaimConfiguration = object(
	"resource.v1.DeviceClaimConfiguration",
	{
		...within(2, deviceConfigurationFields),
		requests: listOf(types.string, {
			pb: 1,
			list: "atomic",
			doc: "Requests that the settings are for; default all.",
		}),
	},
	"Settings of devices of a claim.",
);
export interface DeviceClaimConfiguration extends Infer<typeof DeviceClaimConfiguration> {}

export const DeviceClaim = object(
	"resource.v1.DeviceClaim",
	{
		requests: listOf(DeviceRequest, { pb: 1, list: "atomic", doc: "What is wanted; all of it." }),
		constraints: listOf(DeviceConstraint, {
			pb: 2,
			list: "atomic",
			doc: "What the devices must have in common.",
		}),
		config: listOf(DeviceClaimConfiguration, { pb: 3, list: "atomic", doc: "Settings for drivers." }),
	},
	"Which devices are wanted, how they go together, and their settings.",
);
export interface DeviceClaim extends Infer<typeof DeviceClaim> {}

export const ResourceClaimSpec = object(
	"resource.v1.ResourceClaimSpec",
	{
		devices: ref(DeviceClaim, { pb: 1, doc: "Devices that are wanted." }),
	},
	"Which devices are wanted.",
);
export interface ResourceClaimSpec extends Infer<typeof ResourceClaimSpec> {}
