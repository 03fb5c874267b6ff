import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, listOf, object } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { LocalObjectReference, ObjectReference } from "./references.ts";

const ServiceAccountSchema = object(
	"core.v1.ServiceAccount",
	{
		metadata: metadataField,
		secrets: listOf(ObjectReference, {
			pb: 2,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "Secrets that pods of the account may mount.",
		}),
		imagePullSecrets: listOf(LocalObjectReference, {
			pb: 3,
			list: "atomic",
			doc: "Registry credentials that pods of the account get.",
		}),
		automountServiceAccountToken: bool({
			pb: 4,
			nullable: true,
			doc: "Whether pods get a token in their file system.",
		}),
	},
	"An identity for programs in pods.",
);
export interface ServiceAccount extends KubeObject, Omit<Infer<typeof ServiceAccountSchema>, "metadata"> {}

export const ServiceAccount = defineKind<ServiceAccount>({
	group: "",
	version: "v1",
	kind: "ServiceAccount",
	plural: "serviceaccounts",
	shortNames: ["sa"],
	scope: "Namespaced",
	schema: ServiceAccountSchema,
	columns: [ageColumn],
});
