import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { duration, type Infer, listOf, mapOf, object, string, time, types } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { usageColumns } from "./usage-columns.ts";

export const ContainerMetrics = object(
	"metrics.v1beta1.ContainerMetrics",
	{
		name: string({ required: true, pb: 1, doc: "Name of the container." }),
		usage: mapOf(types.quantity, { required: true, pb: 2, doc: "Processors and memory that it used." }),
	},
	"What a container used lately.",
);
export interface ContainerMetrics extends Infer<typeof ContainerMetrics> {}

const PodMetricsSchema = object(
	"metrics.v1beta1.PodMetrics",
	{
		metadata: metadataField,
		timestamp: time({ required: true, pb: 2, doc: "End of the span that was measured." }),
		window: duration({ required: true, pb: 3, doc: "Length of that span." }),
		containers: listOf(ContainerMetrics, { required: true, pb: 4, doc: "What each container used." }),
	},
	"What a pod used lately. Computed when asked for; source: k8s.io/metrics v1beta1.",
);
export interface PodMetrics extends KubeObject, Omit<Infer<typeof PodMetricsSchema>, "metadata"> {}

export const PodMetrics = defineKind<PodMetrics>({
	group: "metrics.k8s.io",
	version: "v1beta1",
	kind: "PodMetrics",
	plural: "pods",
	singular: "",
	scope: "Namespaced",
	schema: PodMetricsSchema,
	virtual: true,
	verbs: ["get", "list"],
	columns: usageColumns<PodMetrics>(({ containers = [] }) => containers.map(({ usage }) => usage)),
});
