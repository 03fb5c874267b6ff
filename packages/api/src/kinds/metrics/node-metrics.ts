import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { duration, type Infer, mapOf, object, time, types } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { usageColumns } from "./usage-columns.ts";

const NodeMetricsSchema = object(
	"metrics.v1beta1.NodeMetrics",
	{
		metadata: metadataField,
		timestamp: time({ required: true, pb: 2, doc: "End of the span that was measured." }),
		window: duration({ required: true, pb: 3, doc: "Length of that span." }),
		usage: mapOf(types.quantity, { required: true, pb: 4, doc: "Processors and memory that the node used." }),
	},
	"What a node used lately. Computed when asked for; source: k8s.io/metrics v1beta1.",
);
export interface NodeMetrics extends KubeObject, Omit<Infer<typeof NodeMetricsSchema>, "metadata"> {}

export const NodeMetrics = defineKind<NodeMetrics>({
	group: "metrics.k8s.io",
	version: "v1beta1",
	kind: "NodeMetrics",
	plural: "nodes",
	singular: "",
	scope: "Cluster",
	schema: NodeMetricsSchema,
	virtual: true,
	verbs: ["get", "list"],
	columns: usageColumns<NodeMetrics>(({ usage }) => [usage]),
});
