import { invalidValue } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int64, listOf, object, ref, string, time, types } from "../../machinery/schema.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";

export const BoundObjectReference = object(
	"authentication.v1.BoundObjectReference",
	{
		kind: string({ pb: 1, doc: "Pod, Secret or Node." }),
		apiVersion: string({ pb: 2, doc: "Group and version of the object." }),
		name: string({ pb: 3, doc: "Name of the object." }),
		uid: string({ pb: 4, doc: "Identity of the object." }),
	},
	"An object that a token ends with.",
);
export interface BoundObjectReference extends Infer<typeof BoundObjectReference> {}

export const TokenRequestSpec = object(
	"authentication.v1.TokenRequestSpec",
	{
		audiences: listOf(types.string, {
			pb: 1,
			list: "atomic",
			doc: "For whom it is to be; default the API server.",
		}),
		expirationSeconds: int64({
			pb: 4,
			nullable: true,
			doc: "How long it is good for, in seconds; default 3600, at least 600.",
		}),
		boundObjectRef: ref(BoundObjectReference, {
			pb: 3,
			nullable: true,
			doc: "Pod, secret or node: the token ends with it.",
		}),
	},
	"What token is wanted.",
);
export interface TokenRequestSpec extends Infer<typeof TokenRequestSpec> {}

export const TokenRequestStatus = object(
	"authentication.v1.TokenRequestStatus",
	{
		token: string({ pb: 1, doc: "The token." }),
		expirationTimestamp: time({ pb: 2, doc: "When it ends." }),
	},
	"The token that was made.",
);
export interface TokenRequestStatus extends Infer<typeof TokenRequestStatus> {}

const TokenRequestSchema = object(
	"authentication.v1.TokenRequest",
	{
		metadata: metadataField,
		spec: ref(TokenRequestSpec, { default: {}, pb: 2, doc: "For whom and for how long." }),
		status: ref(TokenRequestStatus, { pb: 3, doc: "The token." }),
	},
	"Asks for a token of a service account.",
);
export interface TokenRequest
	extends KubeObject,
		Omit<Infer<typeof TokenRequestSchema>, "metadata" | "spec"> {
	readonly spec: TokenRequestSpec;
}

export const TokenRequest = defineKind<TokenRequest>({
	group: "authentication.k8s.io",
	version: "v1",
	kind: "TokenRequest",
	plural: "tokenrequests",
	scope: "Namespaced",
	schema: TokenRequestSchema,
	virtual: true,
	columns: [],
	validate: ({ spec }) => {
		const seconds = spec.expirationSeconds ?? MIN_SECONDS;
		const field = "spec.expirationSeconds";
		if (seconds < MIN_SECONDS)
			return [invalidValue(field, seconds, "may not specify a duration less than 10 minutes")];
		return seconds > MAX_SECONDS
			? [invalidValue(field, seconds, "may not specify a duration larger than 2^32 seconds")]
			: [];
	},
	defaults: (request) => change(request, "spec", (spec) => fillAbsent(spec, { expirationSeconds: 3600 })),
});

const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;
