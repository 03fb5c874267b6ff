import { type Infer, int32, object, quantity, ref, string } from "../../machinery/schema.ts";
import { CrossVersionObjectReference, MetricIdentifier } from "./metrics.ts";

export const MetricValueStatus = object(
	"autoscaling.v2.MetricValueStatus",
	{
		value: quantity({ pb: 1, nullable: true, doc: "The whole value." }),
		averageValue: quantity({ pb: 2, nullable: true, doc: "The value for each pod." }),
		averageUtilization: int32({ pb: 3, nullable: true, doc: "Per cent of what was requested." }),
	},
	"What a metric is.",
);
export interface MetricValueStatus extends Infer<typeof MetricValueStatus> {}

export const ObjectMetricStatus = object(
	"autoscaling.v2.ObjectMetricStatus",
	{
		metric: ref(MetricIdentifier, { required: true, pb: 1, doc: "Which metric." }),
		current: ref(MetricValueStatus, { required: true, pb: 2, doc: "What it is." }),
		describedObject: ref(CrossVersionObjectReference, { required: true, pb: 3, doc: "The object." }),
	},
	"A number that describes another object, as it is now.",
);
export interface ObjectMetricStatus extends Infer<typeof ObjectMetricStatus> {}

export const PodsMetricStatus = object(
	"autoscaling.v2.PodsMetricStatus",
	{
		metric: ref(MetricIdentifier, { required: true, pb: 1, doc: "Which metric." }),
		current: ref(MetricValueStatus, { required: true, pb: 2, doc: "What it is." }),
	},
	"A number that every pod has, as it is now.",
);
export interface PodsMetricStatus extends Infer<typeof PodsMetricStatus> {}

export const ResourceMetricStatus = object(
	"autoscaling.v2.ResourceMetricStatus",
	{
		name: string({ required: true, pb: 1, doc: "Name of the resource." }),
		current: ref(MetricValueStatus, { required: true, pb: 2, doc: "What it is." }),
	},
	"Use of a resource by pods, as it is now.",
);
export interface ResourceMetricStatus extends Infer<typeof ResourceMetricStatus> {}

export const ContainerResourceMetricStatus = object(
	"autoscaling.v2.ContainerResourceMetricStatus",
	{
		name: string({ required: true, pb: 1, doc: "Name of the resource." }),
		current: ref(MetricValueStatus, { required: true, pb: 2, doc: "What it is." }),
		container: string({ required: true, pb: 3, doc: "Name of the container." }),
	},
	"Use of a resource by one container of each pod, as it is now.",
);
export interface ContainerResourceMetricStatus extends Infer<typeof ContainerResourceMetricStatus> {}

export const ExternalMetricStatus = object(
	"autoscaling.v2.ExternalMetricStatus",
	{
		metric: ref(MetricIdentifier, { required: true, pb: 1, doc: "Which metric." }),
		current: ref(MetricValueStatus, { required: true, pb: 2, doc: "What it is." }),
	},
	"A number from outside of the cluster, as it is now.",
);
export interface ExternalMetricStatus extends Infer<typeof ExternalMetricStatus> {}

export const MetricStatus = object(
	"autoscaling.v2.MetricStatus",
	{
		type: string({
			required: true,
			pb: 1,
			enum: ["Object", "Pods", "Resource", "ContainerResource", "External"],
			doc: "Which of the sources is set.",
		}),
		object: ref(ObjectMetricStatus, { pb: 2, nullable: true, doc: "A metric of one object." }),
		pods: ref(PodsMetricStatus, { pb: 3, nullable: true, doc: "A metric of the pods." }),
		resource: ref(ResourceMetricStatus, { pb: 4, nullable: true, doc: "A resource that the pods use." }),
		containerResource: ref(ContainerResourceMetricStatus, {
			pb: 7,
			nullable: true,
			doc: "A resource that one container uses.",
		}),
		external: ref(ExternalMetricStatus, { pb: 5, nullable: true, doc: "A metric from outside." }),
	},
	"A metric and what it is.",
);
export interface MetricStatus extends Infer<typeof MetricStatus> {}
