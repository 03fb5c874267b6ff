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

export const CapacityRequirements = object("resource.v1.CapacityRequirements", {
	requests: mapOf(types.quantity, { pb: 1 }),
});
export interface CapacityRequirements extends Infer<typeof CapacityRequirements> {}

export const ExactDeviceRequest = object("resource.v1.ExactDeviceRequest", {
	deviceClassName: string({ required: true, pb: 1 }),
	selectors: listOf(DeviceSelector, { pb: 2, list: "atomic" }),
	allocationMode: string({ pb: 3 }),
	count: int64({ pb: 4 }),
	adminAccess: bool({ pb: 5, nullable: true }),
	tolerations: listOf(DeviceToleration, { pb: 6, list: "atomic" }),
	capacity: ref(CapacityRequirements, { pb: 7, nullable: true }),
});
export interface ExactDeviceRequest extends Infer<typeof ExactDeviceRequest> {}

export const DeviceSubRequest = object("resource.v1.DeviceSubRequest", {
	name: string({ required: true, pb: 1 }),
	deviceClassName: string({ required: true, pb: 2 }),
	selectors: listOf(DeviceSelector, { pb: 3, list: "atomic" }),
	allocationMode: string({ pb: 4 }),
	count: int64({ pb: 5 }),
	tolerations: listOf(DeviceToleration, { pb: 6, list: "atomic" }),
	capacity: ref(CapacityRequirements, { pb: 7, nullable: true }),
});
export interface DeviceSubRequest extends Infer<typeof DeviceSubRequest> {}

export const DeviceRequest = object("resource.v1.DeviceRequest", {
	name: string({ required: true, pb: 1 }),
	exactly: ref(ExactDeviceRequest, { pb: 2, nullable: true }),
	firstAvailable: listOf(DeviceSubRequest, { pb: 3, list: "atomic" }),
});
export interface DeviceRequest extends Infer<typeof DeviceRequest> {}

export const DeviceConstraint = object("resource.v1.DeviceConstraint", {
	requests: listOf(types.string, { pb: 1, list: "atomic" }),
	matchAttribute: string({ pb: 2, nullable: true }),
	distinctAttribute: string({ pb: 3, nullable: true }),
});
export interface DeviceConstraint extends Infer<typeof DeviceConstraint> {}

export const DeviceClaimConfiguration = object("resource.v1.DeviceClaimConfiguration", {
	...within(2, deviceConfigurationFields),
	requests: listOf(types.string, { pb: 1, list: "atomic" }),
});
export interface DeviceClaimConfiguration extends Infer<typeof DeviceClaimConfiguration> {}

export const DeviceClaim = object("resource.v1.DeviceClaim", {
	requests: listOf(DeviceRequest, { pb: 1, list: "atomic" }),
	constraints: listOf(DeviceConstraint, { pb: 2, list: "atomic" }),
	config: listOf(DeviceClaimConfiguration, { pb: 3, list: "atomic" }),
});
export interface DeviceClaim extends Infer<typeof DeviceClaim> {}

export const ResourceClaimSpec = object("resource.v1.ResourceClaimSpec", {
	devices: ref(DeviceClaim, { pb: 1 }),
});
export interface ResourceClaimSpec extends Infer<typeof ResourceClaimSpec> {}
