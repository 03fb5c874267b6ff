import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { podColumns } from "./pod-columns.ts";
import { defaultPod } from "./pod-defaults.ts";
import { newPodStatus } from "./pod-lifecycle.ts";
import { PodSpec } from "./pod-spec.ts";
import { PodStatus } from "./pod-status.ts";
import { validatePodStatusUpdate } from "./pod-status-validation.ts";
import { validatePodUpdate } from "./pod-update-validation.ts";
import { validatePod, validatePodCreate } from "./pod-validation.ts";
import { podWarnings } from "./pod-warnings.ts";

const PodSchema = object(
	"core.v1.Pod",
	{
		metadata: metadataField,
		spec: ref(PodSpec, { default: {}, pb: 2, doc: "What to run, and how." }),
		status: ref(PodStatus, { pb: 3, doc: "What became of it, told by the node." }),
	},
	"A group of containers that run together on one node and share its network address.",
);
export interface Pod extends KubeObject, Omit<Infer<typeof PodSchema>, "metadata" | "spec"> {
	readonly spec: PodSpec;
}

export const Pod = defineKind<Pod>({
	group: "",
	version: "v1",
	kind: "Pod",
	plural: "pods",
	shortNames: ["po"],
	categories: ["all"],
	scope: "Namespaced",
	schema: PodSchema,
	hasStatus: true,
	hasGeneration: true,
	columns: podColumns,
	selectableFields: {
		"spec.nodeName": (pod) => pod.spec.nodeName ?? "",
		"spec.restartPolicy": (pod) => pod.spec.restartPolicy ?? "",
		"spec.schedulerName": (pod) => pod.spec.schedulerName ?? "",
		"spec.serviceAccountName": (pod) => pod.spec.serviceAccountName ?? "",
		"spec.hostNetwork": (pod) => String(pod.spec.hostNetwork ?? false),
		"status.phase": (pod) => pod.status?.phase ?? "",
		"status.podIP": (pod) => pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? "",
		"status.nominatedNodeName": (pod) => pod.status?.nominatedNodeName ?? "",
	},
	defaults: defaultPod,
	warnings: podWarnings,
	validate: validatePod,
	validateCreate: validatePodCreate,
	validateUpdate: validatePodUpdate,
	validateStatusUpdate: validatePodStatusUpdate,
	prepareCreate: (pod) => ({ ...pod, status: newPodStatus(pod) }),
});
