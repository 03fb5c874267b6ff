/** The key that signs tokens (ES256), and the public half for those who verify them elsewhere. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { exportJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { createFile, readText } from "./files.ts";
import { generateKeys, parseKeys } from "./keys.ts";

export interface SigningKey {
	/** A compact JWT. */
	sign(claims: JWTPayload): Promise<string>;
	/** The claims; `now` in milliseconds. Throws when signature, issuer or times do not hold. */
	verify(token: string, now: number): Promise<JWTPayload>;
	/** The public key as JWKS holds it. */
	readonly jwk: JWK;
}

/** Who signs: the address under which pods know the API server. */
export const ISSUER = "https://kubernetes.default.svc.cluster.local";
/** Audience of tokens made by the command line for people; those of service accounts never carry it. */
export const USER_AUDIENCE = "berth";

const ALGORITHM = "ES256";

/** Opens `directory/sa.key`, making it when it is missing: tokens signed by a lost key are then void. */
export async function openSigningKey(directory: string): Promise<SigningKey> {
	const path = join(directory, "sa.key");
	const pem = (await readText(path)) ?? (await createFile(path, (await generateKeys()).privatePem));
	const { privateKey, publicKey } = parseKeys(pem, path);
	const bare = await exportJWK(publicKey);
	const kid = createHash("sha256")
		.update(JSON.stringify([bare.x, bare.y]))
		.digest("base64url");
	return {
		jwk: { ...bare, kid, alg: ALGORITHM, use: "sig" },
		sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid }).sign(privateKey),
		verify: async (token, now) => {
			const { payload } = await jwtVerify(token, publicKey, {
				algorithms: [ALGORITHM],
				issuer: ISSUER,
				currentDate: new Date(now),
				requiredClaims: ["exp", "sub", "aud"],
			});
			return payload;
		},
	};
}
