import { LabelSelector } from "../../machinery/meta.ts";
import { type Infer, int32, object, quantity, ref, string } from "../../machinery/schema.ts";

export const CrossVersionObjectReference = object("autoscaling.v2.CrossVersionObjectReference", {
	kind: string({ required: true, pb: 1 }),
	name: string({ required: true, pb: 2 }),
	apiVersion: string({ pb: 3 }),
});
export interface CrossVersionObjectReference extends Infer<typeof CrossVersionObjectReference> {}

export const MetricTarget = object("autoscaling.v2.MetricTarget", {
	type: string({ required: true, pb: 1 }),
	value: quantity({ pb: 2, nullable: true }),
	averageValue: quantity({ pb: 3, nullable: true }),
	averageUtilization: int32({ pb: 4, nullable: true }),
});
export interface MetricTarget extends Infer<typeof MetricTarget> {}

export const MetricIdentifier = object("autoscaling.v2.MetricIdentifier", {
	name: string({ required: true, pb: 1 }),
	selector: ref(LabelSelector, { pb: 2, nullable: true }),
});
export interface MetricIdentifier extends Infer<typeof MetricIdentifier> {}

export const ObjectMetricSource = object("autoscaling.v2.ObjectMetricSource", {
	describedObject: ref(CrossVersionObjectReference, { required: true, pb: 1 }),
	target: ref(MetricTarget, { required: true, pb: 2 }),
	metric: ref(MetricIdentifier, { required: true, pb: 3 }),
});
export interface ObjectMetricSource extends Infer<typeof ObjectMetricSource> {}

export const PodsMetricSource = object("autoscaling.v2.PodsMetricSource", {
	metric: ref(MetricIdentifier, { required: true, pb: 1 }),
	target: ref(MetricTarget, { required: true, pb: 2 }),
});
export interface PodsMetricSource extends Infer<typeof PodsMetricSource> {}

export const ResourceMetricSource = object("autoscaling.v2.ResourceMetricSource", {
	name: string({ required: true, pb: 1 }),
	target: ref(MetricTarget, { required: true, pb: 2 }),
});
export interface ResourceMetricSource extends Infer<typeof ResourceMetricSource> {}

export const ContainerResourceMetricSource = object("autoscaling.v2.ContainerResourceMetricSource", {
	name: string({ required: true, pb: 1 }),
	target: ref(MetricTarget, { required: true, pb: 2 }),
	container: string({ required: true, pb: 3 }),
});
export interface ContainerResourceMetricSource extends Infer<typeof ContainerResourceMetricSource> {}

export const ExternalMetricSource = object("autoscaling.v2.ExternalMetricSource", {
	metric: ref(MetricIdentifier, { required: true, pb: 1 }),
	target: ref(MetricTarget, { required: true, pb: 2 }),
});
export interface ExternalMetricSource extends Infer<typeof ExternalMetricSource> {}

export const MetricSpec = object("autoscaling.v2.MetricSpec", {
	type: string({
		required: true,
		pb: 1,
		enum: ["Object", "Pods", "Resource", "ContainerResource", "External"],
	}),
	object: ref(ObjectMetricSource, { pb: 2, nullable: true }),
	pods: ref(PodsMetricSource, { pb: 3, nullable: true }),
	resource: ref(ResourceMetricSource, { pb: 4, nullable: true }),
	containerResource: ref(ContainerResourceMetricSource, { pb: 7, nullable: true }),
	external: ref(ExternalMetricSource, { pb: 5, nullable: true }),
});
export interface MetricSpec extends Infer<typeof MetricSpec> {}
