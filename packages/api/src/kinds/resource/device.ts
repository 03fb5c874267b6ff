import {
	bool,
	type Infer,
	int64,
	listOf,
	mapOf,
	object,
	quantity,
	ref,
	string,
	time,
	types,
} from "../../machinery/schema.ts";
import { NodeSelector } from "../core/scheduling.ts";

export const DeviceAttribute = object("resource.v1.DeviceAttribute", {
	int: int64({ pb: 2, nullable: true }),
	bool: bool({ pb: 3, nullable: true }),
	string: string({ pb: 4, nullable: true }),
	version: string({ pb: 5, nullable: true }),
	ints: listOf(types.int64, { pb: 6, list: "atomic" }),
	bools: listOf(types.bool, { pb: 7, list: "atomic" }),
	strings: listOf(types.string, { pb: 8, list: "atomic" }),
	versions: listOf(types.string, { pb: 9, list: "atomic" }),
});
export interface DeviceAttribute extends Infer<typeof DeviceAttribute> {}

export const CapacityRequestPolicyRange = object("resource.v1.CapacityRequestPolicyRange", {
	min: quantity({ required: true, pb: 1, nullable: true }),
	max: quantity({ pb: 2, nullable: true }),
	step: quantity({ pb: 3, nullable: true }),
});
export interface CapacityRequestPolicyRange extends Infer<typeof CapacityRequestPolicyRange> {}

export const CapacityRequestPolicy = object("resource.v1.CapacityRequestPolicy", {
	default: quantity({ pb: 1, nullable: true }),
	validValues: listOf(types.quantity, { pb: 3, list: "atomic" }),
	validRange: ref(CapacityRequestPolicyRange, { pb: 4, nullable: true }),
});
export interface CapacityRequestPolicy extends Infer<typeof CapacityRequestPolicy> {}

export const DeviceCapacity = object("resource.v1.DeviceCapacity", {
	value: quantity({ required: true, pb: 1 }),
	requestPolicy: ref(CapacityRequestPolicy, { pb: 2, nullable: true }),
});
export interface DeviceCapacity extends Infer<typeof DeviceCapacity> {}

export const Counter = object("resource.v1.Counter", {
	value: quantity({ required: true, pb: 1 }),
});
export interface Counter extends Infer<typeof Counter> {}

export const DeviceCounterConsumption = object("resource.v1.DeviceCounterConsumption", {
	counterSet: string({ required: true, pb: 1 }),
	counters: mapOf(Counter, { required: true, pb: 2 }),
});
export interface DeviceCounterConsumption extends Infer<typeof DeviceCounterConsumption> {}

export const DeviceTaint = object("resource.v1.DeviceTaint", {
	key: string({ required: true, pb: 1 }),
	value: string({ pb: 2 }),
	effect: string({ required: true, pb: 3, enum: ["None", "NoSchedule", "NoExecute"] }),
	timeAdded: time({ pb: 4, nullable: true }),
});
export interface DeviceTaint extends Infer<typeof DeviceTaint> {}

export const NodeAllocatableResourceMapping = object("resource.v1.NodeAllocatableResourceMapping", {
	capacityKey: string({ pb: 1, nullable: true }),
	allocationMultiplier: quantity({ pb: 2, nullable: true }),
});
export interface NodeAllocatableResourceMapping extends Infer<typeof NodeAllocatableResourceMapping> {}

export const Device = object("resource.v1.Device", {
	name: string({ required: true, pb: 1 }),
	attributes: mapOf(DeviceAttribute, { pb: 2 }),
	capacity: mapOf(DeviceCapacity, { pb: 3 }),
	consumesCounters: listOf(DeviceCounterConsumption, { pb: 4, list: "atomic" }),
	nodeName: string({ pb: 5, nullable: true }),
	nodeSelector: ref(NodeSelector, { pb: 6, nullable: true }),
	allNodes: bool({ pb: 7, nullable: true }),
	taints: listOf(DeviceTaint, { pb: 8, list: "atomic" }),
	bindsToNode: bool({ pb: 9, nullable: true }),
	bindingConditions: listOf(types.string, { pb: 10, list: "atomic" }),
	bindingFailureConditions: listOf(types.string, { pb: 11, list: "atomic" }),
	allowMultipleAllocations: bool({ pb: 12, nullable: true }),
	nodeAllocatableResourceMappings: mapOf(NodeAllocatableResourceMapping, { pb: 13 }),
});
export interface Device extends Infer<typeof Device> {}

export const CounterSet = object("resource.v1.CounterSet", {
	name: string({ required: true, pb: 1 }),
	counters: mapOf(Counter, { required: true, pb: 2 }),
});
export interface CounterSet extends Infer<typeof CounterSet> {}
