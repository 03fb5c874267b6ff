import { type Infer, listOf, mapOf, object, string, types } from "../../machinery/schema.ts";

export const UserInfo = object(
	"authentication.v1.UserInfo",
	{
		username: string({ pb: 1, doc: "Name, unique among users." }),
		uid: string({ pb: 2, doc: "Identity: a later user of the same name has another one." }),
		groups: listOf(types.string, { pb: 3, list: "atomic", doc: "Groups that they belong to." }),
		extra: mapOf(types.list(types.string), { pb: 4, doc: "What else the authenticator knows of them." }),
	},
	"Somebody who makes requests.",
);
export interface UserInfo extends Infer<typeof UserInfo> {}
