import { any, type Infer, int64, object, ref, string } from "../../machinery/schema.ts";

export const CELDeviceSelector = object(
	"resource.v1.CELDeviceSelector",
	{
		expression: string({
			required: true,
			pb: 1,
			doc: "CEL expression over `device` that is true for those that are meant.",
		}),
	},
	"A CEL expression about a device.",
);
export interface CELDeviceSelector extends Infer<typeof CELDeviceSelector> {}

export const DeviceSelector = object(
	"resource.v1.DeviceSelector",
	{
		cel: ref(CELDeviceSelector, { pb: 1, nullable: true, doc: "CEL expression that a device must satisfy." }),
	},
	"A condition on devices.",
);
export interface DeviceSelector extends Infer<typeof DeviceSelector> {}

export const DeviceToleration = object(
	"resource.v1.DeviceToleration",
	{
		key: string({ pb: 1, doc: "Key of the taint; empty for all." }),
		operator: string({
			pb: 2,
			default: "Equal",
			enum: ["Exists", "Equal"],
			doc: "Exists, or Equal with value; default Equal.",
		}),
		value: string({ pb: 3, doc: "Value of the taint, for Equal." }),
		effect: string({
			pb: 4,
			enum: ["None", "NoSchedule", "NoExecute"],
			doc: "Effect of the taint: NoSchedule or NoExecute; empty for all.",
		}),
		tolerationSeconds: int64({
			pb: 5,
			nullable: true,
			doc: "How long NoExecute is put up with, in seconds; default for ever.",
		}),
	},
	"A taint of devices that a request puts up with.",
);
export interface DeviceToleration extends Infer<typeof DeviceToleration> {}

export const OpaqueDeviceConfiguration = object(
	"resource.v1.OpaqueDeviceConfiguration",
	{
		driver: string({ required: true, pb: 1, doc: "Name of the driver." }),
		parameters: any({ required: true, pb: 2, doc: "The settings, in a form of the driver's own." }),
	},
	"Settings that one driver understands.",
);
export interface OpaqueDeviceConfiguration extends Infer<typeof OpaqueDeviceConfiguration> {}

/** What protobuf keeps in a message of its own, and JSON shows in the object around it. */
export const deviceConfigurationFields = {
	opaque: ref(OpaqueDeviceConfiguration, {
		pb: 1,
		nullable: true,
		doc: "Settings that one driver understands.",
	}),
};
