/** Who is asking, and whether they may. Implementations stand beside this file; `server.ts` lists them in order. */
import type { PolicyRule, UserInfo } from "@berth/api";

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
	/** Every rule that applies to `user` in `namespace` (undefined: cluster-wide grants only), for SelfSubjectRulesReview and escalation checks. */
	rules(user: UserInfo, namespace: string | undefined): readonly PolicyRule[];
}

/** What a service account token says; `expiresInSeconds` counts from now. */
export interface TokenClaims {
	readonly namespace: string;
	readonly serviceAccount: { readonly name: string; readonly uid: string };
	/** Empty: the API server's own audience. */
	readonly audiences: readonly string[];
	readonly expiresInSeconds: number;
	/** The token dies with this object. */
	readonly boundTo?: {
		readonly kind: "Pod" | "Secret" | "Node";
		readonly name: string;
		readonly uid: string;
	};
}

export interface VerifiedToken {
	readonly user: UserInfo;
	/** Those of the audiences asked for that the token is meant for. */
	readonly audiences: readonly string[];
}

/** Bearer tokens signed by this cluster: issues them for TokenRequest, verifies them for requests and TokenReview. */
export interface Tokens {
	issue(claims: TokenClaims): Promise<{ readonly token: string; readonly expirationTimestamp: string }>;
	/**
	 * Who holds this token. `audiences` empty: the API server's own. Throws an Error whose message says what is wrong
	 * (signature, expiry, audience, service account gone) when it is not valid.
	 */
	verify(token: string, audiences?: readonly string[]): Promise<VerifiedToken>;
}
