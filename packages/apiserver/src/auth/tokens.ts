/** Bearer tokens: made and verified with the cluster's signing key; bound ones die with what they are bound to. */
import { createHash, randomUUID } from "node:crypto";
import { type Clock, formatTime, type KubeObject, parseTime, type UserInfo } from "@berth/api";
import { ISSUER, type SigningKey, USER_AUDIENCE } from "../pki/signing-key.ts";
import type { TokenClaims, Tokens, VerifiedToken } from "./auth.ts";

/** Finds the object a token is bound to; undefined when it is gone. */
export type BoundLookup = (
	kind: "ServiceAccount" | "Pod" | "Secret" | "Node",
	namespace: string | undefined,
	name: string,
) => KubeObject | undefined;

/** A pod's tokens outlive the start of its deletion by this much, for its last requests. */
const DELETION_LEEWAY = 60_000;
const MAX_REMEMBERED = 2048;
const SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:";

/** The part of a service account token's claims that Kubernetes keeps under its own name. */
interface PrivateClaims {
	readonly namespace: string;
	readonly serviceaccount: Reference;
	readonly pod?: Reference;
	readonly secret?: Reference;
	readonly node?: Reference;
}
interface Reference {
	readonly name: string;
	readonly uid: string;
}
type Claims = Awaited<ReturnType<SigningKey["verify"]>>;

export function createTokens(options: { key: SigningKey; clock: Clock; lookup: BoundLookup }): Tokens {
	const { key, clock, lookup } = options;
	/** Claims whose signature held, by the token's digest: signatures are the costly half. */
	const remembered = new Map<string, Claims>();

	const signedClaims = async (token: string): Promise<Claims> => {
		const digest = createHash("sha256").update(token).digest("base64");
		const known = remembered.get(digest);
		if (known) {
			if ((known.exp ?? 0) * 1000 <= clock.now()) throw new Error("token has expired");
			return known;
		}
		const claims = await key.verify(token, clock.now());
		if (remembered.size >= MAX_REMEMBERED) remembered.clear();
		remembered.set(digest, claims);
		return claims;
	};

	return {
		issue: async (claims) => {
			const now = Math.floor(clock.now() / 1000);
			const exp = now + claims.expiresInSeconds;
			const token = await key.sign({
				aud: claims.audiences.length ? [...claims.audiences] : [ISSUER],
				exp,
				iat: now,
				nbf: now,
				iss: ISSUER,
				jti: randomUUID(),
				sub: `${SERVICE_ACCOUNT_PREFIX}${claims.namespace}:${claims.serviceAccount.name}`,
				"kubernetes.io": privateClaims(claims),
			});
			return { token, expirationTimestamp: formatTime(exp * 1000) };
		},
		verify: async (token, audiences = []): Promise<VerifiedToken> => {
			const claims = await signedClaims(token);
			const meant = [claims.aud ?? []].flat();
			const wanted = audiences.length ? audiences : [ISSUER, USER_AUDIENCE];
			const matching = wanted.filter((audience) => meant.includes(audience));
			if (!matching.length)
				throw new Error(`token is for ${JSON.stringify(meant)}, not for ${JSON.stringify(wanted)}`);
			const details = claims["kubernetes.io"];
			if (details === undefined) return { user: personOf(claims, meant), audiences: matching };
			if (!isPrivateClaims(details)) throw new Error("token's claims are malformed");
			checkBound(details, lookup, clock.now());
			return { user: serviceAccountUser(details, claims), audiences: matching };
		},
	};
}

function privateClaims({ namespace, serviceAccount, boundTo }: TokenClaims): PrivateClaims {
	const base = { namespace, serviceaccount: { name: serviceAccount.name, uid: serviceAccount.uid } };
	return boundTo ? { ...base, [boundTo.kind.toLowerCase()]: { name: boundTo.name, uid: boundTo.uid } } : base;
}

/** Only tokens made for people by the command line: nobody else's may claim names and groups freely. */
function personOf(claims: Claims, meant: readonly string[]): UserInfo {
	const { sub, groups } = claims;
	if (!meant.includes(USER_AUDIENCE) || typeof sub !== "string" || !sub)
		throw new Error("token names no user");
	const list = Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [];
	return { username: sub, groups: [...list, "system:authenticated"] };
}

function serviceAccountUser(details: PrivateClaims, claims: Claims): UserInfo {
	const { namespace, serviceaccount, pod, node } = details;
	const extra: [string, string | undefined][] = [
		["authentication.kubernetes.io/credential-id", claims.jti && `JTI=${claims.jti}`],
		["authentication.kubernetes.io/pod-name", pod?.name],
		["authentication.kubernetes.io/pod-uid", pod?.uid],
		["authentication.kubernetes.io/node-name", node?.name],
		["authentication.kubernetes.io/node-uid", node?.uid],
	];
	return {
		username: `${SERVICE_ACCOUNT_PREFIX}${namespace}:${serviceaccount.name}`,
		uid: serviceaccount.uid,
		groups: serviceAccountGroups(namespace),
		extra: Object.fromEntries(extra.flatMap(([name, value]) => (value ? [[name, [value]]] : []))),
	};
}

export const serviceAccountGroups = (namespace: string): string[] => [
	"system:serviceaccounts",
	`system:serviceaccounts:${namespace}`,
	"system:authenticated",
];

/** `system:serviceaccount:NAMESPACE:NAME` taken apart; undefined for other users. */
export function parseServiceAccount(username: string): { namespace: string; name: string } | undefined {
	if (!username.startsWith(SERVICE_ACCOUNT_PREFIX)) return undefined;
	const [namespace, name, ...rest] = username.slice(SERVICE_ACCOUNT_PREFIX.length).split(":");
	return namespace && name && !rest.length ? { namespace, name } : undefined;
}

function checkBound(details: PrivateClaims, lookup: BoundLookup, now: number): void {
	const { namespace } = details;
	const bound = [
		["ServiceAccount", namespace, details.serviceaccount],
		["Pod", namespace, details.pod],
		["Secret", namespace, details.secret],
		["Node", undefined, details.node],
	] as const;
	for (const [kind, where, reference] of bound) {
		if (!reference) continue;
		const object = lookup(kind, where, reference.name);
		if (!object || object.metadata.uid !== reference.uid) {
			throw new Error(`${kind} ${JSON.stringify(reference.name)} of the token is gone`);
		}
		const deleted = object.metadata.deletionTimestamp;
		if (deleted && parseTime(deleted) + DELETION_LEEWAY < now) {
			throw new Error(`${kind} ${JSON.stringify(reference.name)} of the token has been deleted`);
		}
	}
}

const isReference = (value: unknown): value is Reference =>
	typeof value === "object" &&
	value !== null &&
	"name" in value &&
	typeof value.name === "string" &&
	"uid" in value &&
	typeof value.uid === "string";

function isPrivateClaims(value: unknown): value is PrivateClaims {
	if (typeof value !== "object" || value === null) return false;
	if (!("namespace" in value) || typeof value.namespace !== "string") return false;
	if (!("serviceaccount" in value) || !isReference(value.serviceaccount)) return false;
	const { pod, secret, node } = value as Partial<PrivateClaims>;
	return [pod, secret, node].every((reference) => reference === undefined || isReference(reference));
}
