import { notSupported, required } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { ObjectReference } from "./references.ts";

const BindingSchema = object("core.v1.Binding", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	target: ref(ObjectReference, { required: true, pb: 2 }),
});
export interface Binding extends KubeObject, Omit<Infer<typeof BindingSchema>, "metadata"> {}

export const Binding = defineKind<Binding>({
	group: "",
	version: "v1",
	kind: "Binding",
	plural: "bindings",
	scope: "Namespaced",
	schema: BindingSchema,
	virtual: true,
	columns: [],
	validate: ({ target }) => [
		...(target?.kind && target.kind !== "Node"
			? [notSupported("target.kind", target.kind, ["Node", "<empty>"])]
			: []),
		...(target?.name ? [] : [required("target.name")]),
	],
});
