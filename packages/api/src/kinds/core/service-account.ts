import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { bool, type Infer, listOf, object, ref } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { LocalObjectReference, ObjectReference } from "./references.ts";

const ServiceAccountSchema = object("core.v1.ServiceAccount", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	secrets: listOf(ObjectReference, {
		pb: 2,
		list: "map",
		keys: ["name"],
		patch: ["merge"],
		mergeKey: "name",
	}),
	imagePullSecrets: listOf(LocalObjectReference, { pb: 3, list: "atomic" }),
	automountServiceAccountToken: bool({ pb: 4, nullable: true }),
});
export interface ServiceAccount extends KubeObject, Omit<Infer<typeof ServiceAccountSchema>, "metadata"> {}

export const ServiceAccount = defineKind<ServiceAccount>({
	group: "",
	version: "v1",
	kind: "ServiceAccount",
	plural: "serviceaccounts",
	shortNames: ["sa"],
	scope: "Namespaced",
	schema: ServiceAccountSchema,
	columns: [
		{
			name: "Secrets",
			type: "string",
			description: "Number of secrets listed.",
			value: ({ secrets }) => secrets?.length ?? 0,
		},
		ageColumn,
	],
});
