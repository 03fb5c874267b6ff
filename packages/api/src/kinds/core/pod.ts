import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { PodSpec } from "./pod-spec.ts";
import { PodStatus } from "./pod-status.ts";

const PodSchema = object("core.v1.Pod", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	spec: ref(PodSpec, { required: true, pb: 2 }),
	status: ref(PodStatus, { pb: 3 }),
});
export interface Pod extends KubeObject, Omit<Infer<typeof PodSchema>, "metadata"> {}

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
	columns: [],
});
