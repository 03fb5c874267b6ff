import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, mapOf, object, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { fillZero } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { base64OfText } from "./base64.ts";
import { validateSecret, validateSecretUpdate } from "./data-validation.ts";

const SecretSchema = object(
	"core.v1.Secret",
	{
		metadata: metadataField,
		immutable: bool({ pb: 5, nullable: true, doc: "Never to be changed again." }),
		data: mapOf(types.bytes, { pb: 2, doc: "Bytes by key, in base64." }),
		stringData: mapOf(types.string, { pb: 4, doc: "Text by key; written into data, never read." }),
		type: string({ pb: 3, doc: "What the secret is for, such as kubernetes.io/tls." }),
	},
	"Passwords, keys and certificates for pods.",
);
export interface Secret extends KubeObject, Omit<Infer<typeof SecretSchema>, "metadata"> {}

export const Secret = defineKind<Secret>({
	group: "",
	version: "v1",
	kind: "Secret",
	plural: "secrets",
	scope: "Namespaced",
	schema: SecretSchema,
	columns: [
		{ name: "Type", type: "string", description: "What the secret is for.", value: ({ type }) => type ?? "" },
		{
			name: "Data",
			type: "string",
			description: "Number of keys.",
			value: ({ data }) => Object.keys(data ?? {}).length,
		},
		ageColumn,
	],
	selectableFields: { type: ({ type }) => type ?? "" },
	validate: validateSecret,
	validateUpdate: validateSecretUpdate,
	defaults: (secret) => fillZero(withTextData(secret), { type: "Opaque" }),
});

/** `stringData` is a way of writing `data`: it wins over it and is never kept. */
function withTextData(secret: Secret): Secret {
	if (!secret.stringData) return secret;
	const { stringData, ...rest } = secret;
	const encoded = Object.entries(stringData).map(([key, text]) => [key, base64OfText(text)]);
	return encoded.length === 0 ? rest : { ...rest, data: { ...secret.data, ...Object.fromEntries(encoded) } };
}
