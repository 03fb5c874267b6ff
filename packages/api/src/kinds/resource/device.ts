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

export const DeviceAttribute = object(
	"resource.v1.DeviceAttribute",
	{
		int: int64({ pb: 2, nullable: true, doc: "A whole number." }),
		bool: bool({ pb: 3, nullable: true, doc: "True or false." }),
		string: string({ pb: 4, nullable: true, doc: "A text." }),
		version: string({ pb: 5, nullable: true, doc: "A semantic version." }),
		ints: listOf(types.int64, { pb: 6, list: "atomic", doc: "Whole numbers." }),
		bools: listOf(types.bool, { pb: 7, list: "atomic", doc: "Truth values." }),
		strings: listOf(types.string, { pb: 8, list: "atomic", doc: "Texts." }),
		versions: listOf(types.string, { pb: 9, list: "atomic", doc: "Semantic versions." }),
	},
	"A value that describes a device: exactly one of these.",
);
export interface DeviceAttribute extends Infer<typeof DeviceAttribute> {}

export const CapacityRequestPolicyRange = object(
	"resource.v1.CapacityRequestPolicyRange",
	{
		min: quantity({ required: true, pb: 1, nullable: true, doc: "The least." }),
		max: quantity({ pb: 2, nullable: true, doc: "The most." }),
		step: quantity({ pb: 3, nullable: true, doc: "Distance from one amount to the next." }),
	},
	"Bounds of the amounts that can be asked for.",
);
export interface CapacityRequestPolicyRange extends Infer<typeof CapacityRequestPolicyRange> {}

export const CapacityRequestPolicy = object(
	"resource.v1.CapacityRequestPolicy",
	{
		default: quantity({ pb: 1, nullable: true, doc: "What a request that names no amount gets." }),
		validValues: listOf(types.quantity, {
			pb: 3,
			list: "atomic",
			doc: "The amounts there are; requests are rounded up to one.",
		}),
		validRange: ref(CapacityRequestPolicyRange, { pb: 4, nullable: true, doc: "Bounds of the amounts." }),
	},
	"How much of a capacity can be asked for at a time.",
);
export interface CapacityRequestPolicy extends Infer<typeof CapacityRequestPolicy> {}

export const DeviceCapacity = object(
	"resource.v1.DeviceCapacity",
	{
		value: quantity({ required: true, pb: 1, doc: "How much there is." }),
		requestPolicy: ref(CapacityRequestPolicy, {
			pb: 2,
			nullable: true,
			doc: "How much of it can be asked for at a time.",
		}),
	},
	"How much of something a device has.",
);
export interface DeviceCapacity extends Infer<typeof DeviceCapacity> {}

export const Counter = object(
	"resource.v1.Counter",
	{
		value: quantity({ required: true, pb: 1, doc: "The amount." }),
	},
	"An amount that devices share.",
);
export interface Counter extends Infer<typeof Counter> {}

export const DeviceCounterConsumption = object(
	"resource.v1.DeviceCounterConsumption",
	{
		counterSet: string({ required: true, pb: 1, doc: "Name of the set of counters." }),
		counters: mapOf(Counter, { required: true, pb: 2, doc: "How much it takes of each." }),
	},
	"What a device takes of shared counters.",
);
export interface DeviceCounterConsumption extends Infer<typeof DeviceCounterConsumption> {}

export const DeviceTaint = object(
	"resource.v1.DeviceTaint",
	{
		key: string({ required: true, pb: 1, doc: "Key of the taint." }),
		value: string({ pb: 2, doc: "Value of the taint." }),
		effect: string({
			required: true,
			pb: 3,
			enum: ["None", "NoSchedule", "NoExecute"],
			doc: "None, NoSchedule for new pods, or NoExecute: also for those that run.",
		}),
		timeAdded: time({ pb: 4, nullable: true, doc: "When it was set." }),
	},
	"Something that keeps a device from being given away.",
);
export interface DeviceTaint extends Infer<typeof DeviceTaint> {}

export const NodeAllocatableResourceMapping = object(
	"resource.v1.NodeAllocatableResourceMapping",
	{
		capacityKey: string({ pb: 1, nullable: true, doc: "Capacity of the device that tells how much." }),
		allocationMultiplier: quantity({
			pb: 2,
			nullable: true,
			doc: "Factor on that capacity, or on the number of devices.",
		}),
	},
	"What a device takes of a resource of the node.",
);
export interface NodeAllocatableResourceMapping extends Infer<typeof NodeAllocatableResourceMapping> {}

export const Device = object(
	"resource.v1.Device",
	{
		name: string({ required: true, pb: 1, doc: "Its name in the pool." }),
		attributes: mapOf(DeviceAttribute, { pb: 2, doc: "What describes it, by name." }),
		capacity: mapOf(DeviceCapacity, { pb: 3, doc: "How much of something it has, by name." }),
		consumesCounters: listOf(DeviceCounterConsumption, {
			pb: 4,
			list: "atomic",
			doc: "What it takes of counters that devices share.",
		}),
		nodeName: string({ pb: 5, nullable: true, doc: "Node that it is on." }),
		nodeSelector: ref(NodeSelector, { pb: 6, nullable: true, doc: "Nodes where it can be used." }),
		allNodes: bool({ pb: 7, nullable: true, doc: "True: it can be used on every node." }),
		taints: listOf(DeviceTaint, { pb: 8, list: "atomic", doc: "What keeps it from being given away." }),
		bindsToNode: bool({
			pb: 9,
			nullable: true,
			doc: "True: once it is given, the claim is tied to the chosen node.",
		}),
		bindingConditions: listOf(types.string, {
			pb: 10,
			list: "atomic",
			doc: "Conditions that must be True before a pod with it is bound.",
		}),
		bindingFailureConditions: listOf(types.string, {
			pb: 11,
			list: "atomic",
			doc: "Conditions that, once True, mean the pod can not be bound.",
		}),
		allowMultipleAllocations: bool({ pb: 12, nullable: true, doc: "True: several claims may share it." }),
		nodeAllocatableResourceMappings: mapOf(NodeAllocatableResourceMapping, {
			pb: 13,
			doc: "What it takes of the node's resources, such as memory.",
		}),
	},
	"A device: what it is, what it can do, and where it is.",
);
export interface Device extends Infer<typeof Device> {}

export const CounterSet = object(
	"resource.v1.CounterSet",
	{
		name: string({ required: true, pb: 1, doc: "Name of the set." }),
		counters: mapOf(Counter, { required: true, pb: 2, doc: "The counters, by name." }),
	},
	"Counters that devices share.",
);
export interface CounterSet extends Infer<typeof CounterSet> {}
