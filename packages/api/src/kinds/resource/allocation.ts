import { Condition } from "../../machinery/meta.ts";
import {
	any,
	bool,
	type Infer,
	listOf,
	mapOf,
	object,
	ref,
	string,
	time,
	types,
	within,
} from "../../machinery/schema.ts";
import { NodeSelector } from "../core/scheduling.ts";
import { DeviceToleration, deviceConfigurationFields } from "./selector.ts";

export const DeviceRequestAllocationResult = object(
	"resource.v1.DeviceRequestAllocationResult",
	{
		request: string({ required: true, pb: 1, doc: "The request that it serves." }),
		driver: string({ required: true, pb: 2, doc: "Name of its driver." }),
		pool: string({ required: true, pb: 3, doc: "Name of its pool." }),
		device: string({ required: true, pb: 4, doc: "Its name in the pool." }),
		adminAccess: bool({
			pb: 5,
			nullable: true,
			doc: "True: access for administration, besides whoever uses it.",
		}),
		tolerations: listOf(DeviceToleration, {
			pb: 6,
			list: "atomic",
			doc: "Taints that the request puts up with.",
		}),
		bindingConditions: listOf(types.string, {
			pb: 7,
			list: "atomic",
			doc: "Conditions that must be True before the pod is bound.",
		}),
		bindingFailureConditions: listOf(types.string, {
			pb: 8,
			list: "atomic",
			doc: "Conditions that, once True, mean the pod can not be bound.",
		}),
		shareID: string({ pb: 9, nullable: true, doc: "Id of this share of the device." }),
		consumedCapacity: mapOf(types.quantity, { pb: 10, doc: "How much of each capacity this share takes." }),
	},
	"One device that was given.",
);
export interface DeviceRequestAllocationResult extends Infer<typeof DeviceRequestAllocationResult> {}

export const DeviceAllocationConfiguration = object(
	"resource.v1.DeviceAllocationConfiguration",
	{
		...within(3, deviceConfigurationFields),
		source: string({
			required: true,
			pb: 1,
			enum: ["FromClass", "FromClaim"],
			doc: "FromClass or FromClaim.",
		}),
		requests: listOf(types.string, {
			pb: 2,
			list: "atomic",
			doc: "Requests that the settings are for; default all.",
		}),
	},
	"Settings of devices, and where they came from.",
);
export interface DeviceAllocationConfiguration extends Infer<typeof DeviceAllocationConfiguration> {}

export const DeviceAllocationResult = object(
	"resource.v1.DeviceAllocationResult",
	{
		results: listOf(DeviceRequestAllocationResult, {
			pb: 1,
			list: "atomic",
			doc: "The devices, one entry for each.",
		}),
		config: listOf(DeviceAllocationConfiguration, {
			pb: 2,
			list: "atomic",
			doc: "Settings of claim and class.",
		}),
	},
	"Devices that were given, and their settings.",
);
export interface DeviceAllocationResult extends Infer<typeof DeviceAllocationResult> {}

export const AllocationResult = object(
	"resource.v1.AllocationResult",
	{
		devices: ref(DeviceAllocationResult, { pb: 1, doc: "The devices." }),
		nodeSelector: ref(NodeSelector, {
			pb: 3,
			nullable: true,
			doc: "Nodes where they can be used; default everywhere.",
		}),
		allocationTimestamp: time({ pb: 5, nullable: true, doc: "When they were given." }),
	},
	"Devices that were given to a claim.",
);
export interface AllocationResult extends Infer<typeof AllocationResult> {}

export const NetworkDeviceData = object(
	"resource.v1.NetworkDeviceData",
	{
		interfaceName: string({ pb: 1, doc: "Name of the interface in the pod." }),
		ips: listOf(types.string, {
			pb: 2,
			list: "atomic",
			doc: "Its IP addresses, with the length of the prefix.",
		}),
		hardwareAddress: string({ pb: 3, doc: "Its hardware address." }),
	},
	"Addresses of a network device.",
);
export interface NetworkDeviceData extends Infer<typeof NetworkDeviceData> {}

export const AllocatedDeviceStatus = object(
	"resource.v1.AllocatedDeviceStatus",
	{
		driver: string({ required: true, pb: 1, doc: "Name of the driver." }),
		pool: string({ required: true, pb: 2, doc: "Name of the device's pool." }),
		device: string({ required: true, pb: 3, doc: "Name of the device in the pool." }),
		shareID: string({ pb: 7, nullable: true, doc: "Id of the share of the device." }),
		conditions: listOf(Condition, {
			pb: 4,
			list: "map",
			keys: ["type"],
			doc: "What is known of its state, one entry for each type.",
		}),
		data: any({ pb: 5, nullable: true, doc: "Anything that the driver has to say." }),
		networkData: ref(NetworkDeviceData, { pb: 6, nullable: true, doc: "Addresses, for network devices." }),
	},
	"What a driver says of a device that was given.",
);
export interface AllocatedDeviceStatus extends Infer<typeof AllocatedDeviceStatus> {}
