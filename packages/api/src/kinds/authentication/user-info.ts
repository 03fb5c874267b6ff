import { type Infer, listOf, mapOf, object, string, types } from "../../machinery/schema.ts";

export const UserInfo = object("authentication.v1.UserInfo", {
	username: string({ pb: 1 }),
	uid: string({ pb: 2 }),
	groups: listOf(types.string, { pb: 3, list: "atomic" }),
	extra: mapOf(types.list(types.string), { pb: 4 }),
});
export interface UserInfo extends Infer<typeof UserInfo> {}
