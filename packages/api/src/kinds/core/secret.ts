import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { bool, type Infer, mapOf, object, ref, string, types } from "../../machinery/schema.ts";

const SecretSchema = object("core.v1.Secret", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	immutable: bool({ pb: 5, nullable: true }),
	data: mapOf(types.bytes, { pb: 2 }),
	stringData: mapOf(types.string, { pb: 4 }),
	type: string({ pb: 3 }),
});
export interface Secret extends KubeObject, Omit<Infer<typeof SecretSchema>, "metadata"> {}

export const Secret = defineKind<Secret>({
	group: "",
	version: "v1",
	kind: "Secret",
	plural: "secrets",
	scope: "Namespaced",
	schema: SecretSchema,
	columns: [],
});
