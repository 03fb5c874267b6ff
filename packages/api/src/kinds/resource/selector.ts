import { any, type Infer, int64, object, ref, string } from "../../machinery/schema.ts";

export const CELDeviceSelector = object("resource.v1.CELDeviceSelector", {
	expression: string({ required: true, pb: 1 }),
});
export interface CELDeviceSelector extends Infer<typeof CELDeviceSelector> {}

export const DeviceSelector = object("resource.v1.DeviceSelector", {
	cel: ref(CELDeviceSelector, { pb: 1, nullable: true }),
});
export interface DeviceSelector extends Infer<typeof DeviceSelector> {}

export const DeviceToleration = object("resource.v1.DeviceToleration", {
	key: string({ pb: 1 }),
	operator: string({ pb: 2, default: "Equal", enum: ["Exists", "Equal"] }),
	value: string({ pb: 3 }),
	effect: string({ pb: 4, enum: ["None", "NoSchedule", "NoExecute"] }),
	tolerationSeconds: int64({ pb: 5, nullable: true }),
});
export interface DeviceToleration extends Infer<typeof DeviceToleration> {}

export const OpaqueDeviceConfiguration = object("resource.v1.OpaqueDeviceConfiguration", {
	driver: string({ required: true, pb: 1 }),
	parameters: any({ required: true, pb: 2 }),
});
export interface OpaqueDeviceConfiguration extends Infer<typeof OpaqueDeviceConfiguration> {}

/** What protobuf keeps in a message of its own, and JSON shows in the object around it. */
export const deviceConfigurationFields = {
	opaque: ref(OpaqueDeviceConfiguration, { pb: 1, nullable: true }),
};
