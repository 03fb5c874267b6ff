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

export const DeviceRequestAllocationResult = object("resource.v1.DeviceRequestAllocationResult", {
	request: string({ required: true, pb: 1 }),
	driver: string({ required: true, pb: 2 }),
	pool: string({ required: true, pb: 3 }),
	device: string({ required: true, pb: 4 }),
	adminAccess: bool({ pb: 5, nullable: true }),
	tolerations: listOf(DeviceToleration, { pb: 6, list: "atomic" }),
	bindingConditions: listOf(types.string, { pb: 7, list: "atomic" }),
	bindingFailureConditions: listOf(types.string, { pb: 8, list: "atomic" }),
	shareID: string({ pb: 9, nullable: true }),
	consumedCapacity: mapOf(types.quantity, { pb: 10 }),
});
export interface DeviceRequestAllocationResult extends Infer<typeof DeviceRequestAllocationResult> {}

export const DeviceAllocationConfiguration = object("resource.v1.DeviceAllocationConfiguration", {
	...within(3, deviceConfigurationFields),
	source: string({ required: true, pb: 1, enum: ["FromClass", "FromClaim"] }),
	requests: listOf(types.string, { pb: 2, list: "atomic" }),
});
export interface DeviceAllocationConfiguration extends Infer<typeof DeviceAllocationConfiguration> {}

export const DeviceAllocationResult = object("resource.v1.DeviceAllocationResult", {
	results: listOf(DeviceRequestAllocationResult, { pb: 1, list: "atomic" }),
	config: listOf(DeviceAllocationConfiguration, { pb: 2, list: "atomic" }),
});
export interface DeviceAllocationResult extends Infer<typeof DeviceAllocationResult> {}

export const AllocationResult = object("resource.v1.AllocationResult", {
	devices: ref(DeviceAllocationResult, { pb: 1 }),
	nodeSelector: ref(NodeSelector, { pb: 3, nullable: true }),
	allocationTimestamp: time({ pb: 5, nullable: true }),
});
export interface AllocationResult extends Infer<typeof AllocationResult> {}

export const NetworkDeviceData = object("resource.v1.NetworkDeviceData", {
	interfaceName: string({ pb: 1 }),
	ips: listOf(types.string, { pb: 2, list: "atomic" }),
	hardwareAddress: string({ pb: 3 }),
});
export interface NetworkDeviceData extends Infer<typeof NetworkDeviceData> {}

export const AllocatedDeviceStatus = object("resource.v1.AllocatedDeviceStatus", {
	driver: string({ required: true, pb: 1 }),
	pool: string({ required: true, pb: 2 }),
	device: string({ required: true, pb: 3 }),
	shareID: string({ pb: 7, nullable: true }),
	conditions: listOf(Condition, { pb: 4, list: "map", keys: ["type"] }),
	data: any({ pb: 5, nullable: true }),
	networkData: ref(NetworkDeviceData, { pb: 6, nullable: true }),
});
export interface AllocatedDeviceStatus extends Infer<typeof AllocatedDeviceStatus> {}
