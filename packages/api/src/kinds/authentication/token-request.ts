import { invalidValue } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int64, listOf, object, ref, string, time, types } from "../../machinery/schema.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";

export const BoundObjectReference = object("authentication.v1.BoundObjectReference", {
	kind: string({ pb: 1 }),
	apiVersion: string({ pb: 2 }),
	name: string({ pb: 3 }),
	uid: string({ pb: 4 }),
});
export interface BoundObjectReference extends Infer<typeof BoundObjectReference> {}

export const TokenRequestSpec = object("authentication.v1.TokenRequestSpec", {
	audiences: listOf(types.string, { pb: 1, list: "atomic" }),
	expirationSeconds: int64({ pb: 4, nullable: true }),
	boundObjectRef: ref(BoundObjectReference, { pb: 3, nullable: true }),
});
export interface TokenRequestSpec extends Infer<typeof TokenRequestSpec> {}

export const TokenRequestStatus = object("authentication.v1.TokenRequestStatus", {
	token: string({ pb: 1 }),
	expirationTimestamp: time({ pb: 2 }),
});
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
