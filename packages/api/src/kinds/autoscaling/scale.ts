import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, int32, object, ref, string } from "../../machinery/schema.ts";

export const ScaleSpec = object("autoscaling.v1.ScaleSpec", {
	replicas: int32({ pb: 1, default: 0 }),
});
export interface ScaleSpec extends Infer<typeof ScaleSpec> {}

export const ScaleStatus = object("autoscaling.v1.ScaleStatus", {
	replicas: int32({ required: true, pb: 1 }),
	/** A label selector in the form that queries use: `app=web,tier in (front)`. */
	selector: string({ pb: 2 }),
});
export interface ScaleStatus extends Infer<typeof ScaleStatus> {}

const ScaleSchema = object("autoscaling.v1.Scale", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	spec: ref(ScaleSpec, { pb: 2 }),
	status: ref(ScaleStatus, { pb: 3 }),
});
export interface Scale extends KubeObject, Omit<Infer<typeof ScaleSchema>, "metadata"> {}

/** The body of `/scale`; no resource of its own, so it is not in the list of kinds. */
export const Scale = defineKind<Scale>({
	group: "autoscaling",
	version: "v1",
	kind: "Scale",
	plural: "scales",
	scope: "Namespaced",
	schema: ScaleSchema,
	virtual: true,
	columns: [],
});
