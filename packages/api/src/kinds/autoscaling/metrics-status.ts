import { type Infer, int32, object, quantity, ref, string } from "../../machinery/schema.ts";
import { CrossVersionObjectReference, MetricIdentifier } from "./metrics.ts";

export const MetricValueStatus = object("autoscaling.v2.MetricValueStatus", {
	value: quantity({ pb: 1, nullable: true }),
	averageValue: quantity({ pb: 2, nullable: true }),
	averageUtilization: int32({ pb: 3, nullable: true }),
});
export interface MetricValueStatus extends Infer<typeof MetricValueStatus> {}

export const ObjectMetricStatus = object("autoscaling.v2.ObjectMetricStatus", {
	metric: ref(MetricIdentifier, { required: true, pb: 1 }),
	current: ref(MetricValueStatus, { required: true, pb: 2 }),
	describedObject: ref(CrossVersionObjectReference, { required: true, pb: 3 }),
});
export interface ObjectMetricStatus extends Infer<typeof ObjectMetricStatus> {}

export const PodsMetricStatus = object("autoscaling.v2.PodsMetricStatus", {
	metric: ref(MetricIdentifier, { required: true, pb: 1 }),
	current: ref(MetricValueStatus, { required: true, pb: 2 }),
});
export interface PodsMetricStatus extends Infer<typeof PodsMetricStatus> {}

export const ResourceMetricStatus = object("autoscaling.v2.ResourceMetricStatus", {
	name: string({ required: true, pb: 1 }),
	current: ref(MetricValueStatus, { required: true, pb: 2 }),
});
export interface ResourceMetricStatus extends Infer<typeof ResourceMetricStatus> {}

export const ContainerResourceMetricStatus = object("autoscaling.v2.ContainerResourceMetricStatus", {
	name: string({ required: true, pb: 1 }),
	current: ref(MetricValueStatus, { required: true, pb: 2 }),
	container: string({ required: true, pb: 3 }),
});
export interface ContainerResourceMetricStatus extends Infer<typeof ContainerResourceMetricStatus> {}

export const ExternalMetricStatus = object("autoscaling.v2.ExternalMetricStatus", {
	metric: ref(MetricIdentifier, { required: true, pb: 1 }),
	current: ref(MetricValueStatus, { required: true, pb: 2 }),
});
export interface ExternalMetricStatus extends Infer<typeof ExternalMetricStatus> {}

export const MetricStatus = object("autoscaling.v2.MetricStatus", {
	type: string({
		required: true,
		pb: 1,
		enum: ["Object", "Pods", "Resource", "ContainerResource", "External"],
	}),
	object: ref(ObjectMetricStatus, { pb: 2, nullable: true }),
	pods: ref(PodsMetricStatus, { pb: 3, nullable: true }),
	resource: ref(ResourceMetricStatus, { pb: 4, nullable: true }),
	containerResource: ref(ContainerResourceMetricStatus, { pb: 7, nullable: true }),
	external: ref(ExternalMetricStatus, { pb: 5, nullable: true }),
});
export interface MetricStatus extends Infer<typeof MetricStatus> {}
