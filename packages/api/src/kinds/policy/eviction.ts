import { defineKind } from "../../machinery/kind.ts";
import { DeleteOptions, type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";

const EvictionSchema = object("policy.v1.Eviction", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	deleteOptions: ref(DeleteOptions, { pb: 2, nullable: true }),
});
export interface Eviction extends KubeObject, Omit<Infer<typeof EvictionSchema>, "metadata"> {}

/** The body of `pods/eviction`; no resource of its own, so it is not in the list of kinds. */
export const Eviction = defineKind<Eviction>({
	group: "policy",
	version: "v1",
	kind: "Eviction",
	plural: "evictions",
	scope: "Namespaced",
	schema: EvictionSchema,
	virtual: true,
	columns: [],
});
