import { notSupported, required } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { ObjectReference } from "./references.ts";

const BindingSchema = object(
	"core.v1.Binding",
	{
		metadata: metadataField,
		target: ref(ObjectReference, { required: true, pb: 2, doc: "The node." }),
	},
	"Puts a pod on a node.",
);
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
