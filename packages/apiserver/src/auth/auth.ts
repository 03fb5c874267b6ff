/** Who is asking, and whether they may. Implementations stand beside this file; `server.ts` lists them in order. */
import type { UserInfo } from "@berth/api";

export type { UserInfo };

/** What is asked: a verb on a resource, or on a plain path such as `/healthz`. */
export type Attributes =
	| {
			readonly verb: string;
			readonly group: string;
			readonly resource: string;
			readonly subresource?: string | undefined;
			readonly namespace?: string | undefined;
			readonly name?: string | undefined;
	  }
	| { readonly verb: string; readonly path: string };

export type Decision =
	| { readonly allowed: true; readonly reason?: string }
	| { readonly allowed: false; readonly reason: string };

/** RBAC over the caches; `system:masters` may all. Synchronous: it is on every request's path. */
export interface Authorizer {
	authorize(user: UserInfo, attributes: Attributes): Decision;
}
