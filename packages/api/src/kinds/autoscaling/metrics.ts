import { LabelSelector } from "../../machinery/meta.ts";
import { type Infer, int32, object, quantity, ref, string } from "../../machinery/schema.ts";

export const CrossVersionObjectReference = object(
	"autoscaling.v2.CrossVersionObjectReference",
	{
		kind: string({ required: true, pb: 1, doc: "Kind of the object." }),
		name: string({ required: true, pb: 2, doc: "Name of the object." }),
		apiVersion: string({ pb: 3, doc: "Group and version of the object." }),
	},
	"An object of the same namespace.",
);
export interface CrossVersionObjectReference extends Infer<typeof CrossVersionObjectReference> {}

export const MetricTarget = object(
	"autoscaling.v2.MetricTarget",
	{
		type: string({ required: true, pb: 1, doc: "Utilization, Value or AverageValue." }),
		value: quantity({ pb: 2, nullable: true, doc: "The whole value." }),
		averageValue: quantity({ pb: 3, nullable: true, doc: "The value for each pod." }),
		averageUtilization: int32({ pb: 4, nullable: true, doc: "Per cent of what was requested." }),
	},
	"What a metric should be.",
);
export interface MetricTarget extends Infer<typeof MetricTarget> {}

export const MetricIdentifier = object(
	"autoscaling.v2.MetricIdentifier",
	{
		name: string({ required: true, pb: 1, doc: "Name of the metric." }),
		selector: ref(LabelSelector, { pb: 2, nullable: true, doc: "Labels of the metric." }),
	},
	"Which metric.",
);
export interface MetricIdentifier extends Infer<typeof MetricIdentifier> {}

export const ObjectMetricSource = object(
	"autoscaling.v2.ObjectMetricSource",
	{
		describedObject: ref(CrossVersionObjectReference, { required: true, pb: 1, doc: "The object." }),
		target: ref(MetricTarget, { required: true, pb: 2, doc: "What it should be." }),
		metric: ref(MetricIdentifier, { required: true, pb: 3, doc: "Which metric." }),
	},
	"A metric of one object, such as requests to an ingress.",
);
export interface ObjectMetricSource extends Infer<typeof ObjectMetricSource> {}

export const PodsMetricSource = object(
	"autoscaling.v2.PodsMetricSource",
	{
		metric: ref(MetricIdentifier, { required: true, pb: 1, doc: "Which metric." }),
		target: ref(MetricTarget, { required: true, pb: 2, doc: "What it should be." }),
	},
	"A metric of the pods, averaged.",
);
export interface PodsMetricSource extends Infer<typeof PodsMetricSource> {}

export const ResourceMetricSource = object(
	"autoscaling.v2.ResourceMetricSource",
	{
		name: string({ required: true, pb: 1, doc: "Name of the resource." }),
		target: ref(MetricTarget, { required: true, pb: 2, doc: "What it should be." }),
	},
	"Use of a resource by the pods.",
);
export interface ResourceMetricSource extends Infer<typeof ResourceMetricSource> {}

export const ContainerResourceMetricSource = object(
	"autoscaling.v2.ContainerResourceMetricSource",
	{
		name: string({ required: true, pb: 1, doc: "Name of the resource." }),
		target: ref(MetricTarget, { required: true, pb: 2, doc: "What it should be." }),
		container: string({ required: true, pb: 3, doc: "Name of the container." }),
	},
	"Use of a resource by one container of the pods.",
);
export interface ContainerResourceMetricSource extends Infer<typeof ContainerResourceMetricSource> {}

export const ExternalMetricSource = object(
	"autoscaling.v2.ExternalMetricSource",
	{
		metric: ref(MetricIdentifier, { required: true, pb: 1, doc: "Which metric." }),
		target: ref(MetricTarget, { required: true, pb: 2, doc: "What it should be." }),
	},
	"A metric from outside the cluster.",
);
export interface ExternalMetricSource extends Infer<typeof ExternalMetricSource> {}

export const MetricSpec = object(
	"autoscaling.v2.MetricSpec",
	{
		type: string({
			required: true,
			pb: 1,
			enum: ["Object", "Pods", "Resource", "ContainerResource", "External"],
			doc: "Which of the sources is set.",
		}),
		object: ref(ObjectMetricSource, { pb: 2, nullable: true, doc: "A metric of one object." }),
		pods: ref(PodsMetricSource, { pb: 3, nullable: true, doc: "A metric of the pods." }),
		resource: ref(ResourceMetricSource, { pb: 4, nullable: true, doc: "A resource that the pods use." }),
		containerResource: ref(ContainerResourceMetricSource, {
			pb: 7,
			nullable: true,
			doc: "A resource that one container uses.",
		}),
		external: ref(ExternalMetricSource, { pb: 5, nullable: true, doc: "A metric from outside." }),
	},
	"A metric and what it should be.",
);
export interface MetricSpec extends Infer<typeof MetricSpec> {}
