import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { UserInfo } from "./user-info.ts";

export const TokenReviewSpec = object(
	"authentication.v1.TokenReviewSpec",
	{
		token: string({ required: true, pb: 1, doc: "The token." }),
		audiences: listOf(types.string, {
			pb: 2,
			list: "atomic",
			doc: "For whom it should be; default the API server.",
		}),
	},
	"The token in question.",
);
export interface TokenReviewSpec extends Infer<typeof TokenReviewSpec> {}

export const TokenReviewStatus = object(
	"authentication.v1.TokenReviewStatus",
	{
		authenticated: bool({ pb: 1, doc: "Whether it is good." }),
		user: ref(UserInfo, { pb: 2, doc: "Whose it is." }),
		audiences: listOf(types.string, {
			pb: 4,
			list: "atomic",
			doc: "Those of the asked audiences that it is good for.",
		}),
		error: string({ pb: 3, doc: "Why it could not be checked." }),
	},
	"Whose a token is.",
);
export interface TokenReviewStatus extends Infer<typeof TokenReviewStatus> {}

const TokenReviewSchema = object(
	"authentication.v1.TokenReview",
	{
		metadata: metadataField,
		spec: ref(TokenReviewSpec, { required: true, pb: 2, doc: "The token." }),
		status: ref(TokenReviewStatus, { pb: 3, doc: "Whose it is." }),
	},
	"Asks who a token belongs to.",
);
export interface TokenReview extends KubeObject, Omit<Infer<typeof TokenReviewSchema>, "metadata"> {}

export const TokenReview = defineKind<TokenReview>({
	group: "authentication.k8s.io",
	version: "v1",
	kind: "TokenReview",
	plural: "tokenreviews",
	scope: "Cluster",
	schema: TokenReviewSchema,
	virtual: true,
	columns: [],
});
