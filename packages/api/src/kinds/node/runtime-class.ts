import { invalidValue } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { validateLabels } from "../../machinery/metadata.ts";
import { dnsLabelErrors } from "../../machinery/names.ts";
import { type Infer, listOf, mapOf, object, ref, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { validateTolerations } from "../core/affinity-validation.ts";
import { validateOverhead } from "../core/resource-validation.ts";
import { Toleration } from "../core/scheduling.ts";
import { invalids } from "../field-checks.ts";
import { metadataField } from "../metadata-field.ts";

export const Overhead = object(
	"node.v1.Overhead",
	{
		podFixed: mapOf(types.quantity, { pb: 1, doc: "Resources for each pod, whatever its containers use." }),
	},
	"What pods of a class need beyond their containers.",
);
export interface Overhead extends Infer<typeof Overhead> {}

export const Scheduling = object(
	"node.v1.Scheduling",
	{
		nodeSelector: mapOf(types.string, {
			pb: 1,
			atomic: true,
			doc: "Labels of nodes that can; added to those of the pod.",
		}),
		tolerations: listOf(Toleration, { pb: 2, list: "atomic", doc: "Tolerations that the pod is given." }),
	},
	"Nodes that can run pods of a class.",
);
export interface Scheduling extends Infer<typeof Scheduling> {}

const RuntimeClassSchema = object(
	"node.v1.RuntimeClass",
	{
		metadata: metadataField,
		handler: string({ required: true, pb: 2, doc: "Name of it in the configuration of the nodes." }),
		overhead: ref(Overhead, { pb: 3, nullable: true, doc: "What running a pod that way costs." }),
		scheduling: ref(Scheduling, { pb: 4, nullable: true, doc: "Which nodes can." }),
	},
	"A way to run containers that pods may name.",
);
export interface RuntimeClass extends KubeObject, Omit<Infer<typeof RuntimeClassSchema>, "metadata"> {}

export const RuntimeClass = defineKind<RuntimeClass>({
	group: "node.k8s.io",
	version: "v1",
	kind: "RuntimeClass",
	plural: "runtimeclasses",
	scope: "Cluster",
	schema: RuntimeClassSchema,
	columns: [
		{
			name: "Handler",
			type: "string",
			description: "Name of the container runtime on the node.",
			value: ({ handler }) => handler,
		},
		ageColumn,
	],
	validate: ({ handler = "", overhead, scheduling }) => [
		...invalids("handler", handler, dnsLabelErrors(handler)),
		...(overhead?.podFixed ? validateOverhead(overhead.podFixed, "overhead.podFixed") : []),
		...validateLabels(scheduling?.nodeSelector, "scheduling.nodeSelector"),
		...validateTolerations(scheduling?.tolerations ?? [], "scheduling.tolerations"),
	],
	validateUpdate: (next, old) =>
		next.handler === old.handler ? [] : [invalidValue("handler", next.handler, "field is immutable")],
});
