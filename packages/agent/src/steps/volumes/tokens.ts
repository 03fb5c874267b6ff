/** Tokens of service accounts for pods: asked for once, kept until most of their life is over, then asked for anew. */
import { type Clock, type Pod, parseTime, ServiceAccount, type TokenRequest } from "@berth/api";
import type { Client } from "@berth/client";
import type { User } from "../references.ts";

export interface TokenSpec {
	readonly audience?: string | undefined;
	/** Default one hour. */
	readonly expirationSeconds?: number | undefined;
}

export interface Tokens {
	/** Tells the user when it is time to ask again. */
	get(pod: Pod, spec: TokenSpec, user: User): Promise<string>;
}

const HOUR = 3_600;
/** Renewed when so much of its life is over, or it is a day old. */
const RENEW_AT = 0.8;
const DAY = 86_400_000;

interface Entry {
	readonly token: string;
	readonly renewAt: number;
}

export function createTokens(client: Client, clock: Clock): Tokens {
	const entries = new Map<string, Entry>();
	return {
		async get(pod, { audience, expirationSeconds = HOUR }, user) {
			const { namespace, name: podName, uid } = pod.metadata;
			const key = JSON.stringify([uid, audience, expirationSeconds]);
			const known = entries.get(key);
			const begun = clock.now();
			if (known && known.renewAt > begun) return known.token;
			const name = pod.spec.serviceAccountName || "default";
			const request = {
				apiVersion: "authentication.k8s.io/v1",
				kind: "TokenRequest",
				spec: {
					...(audience ? { audiences: [audience] } : {}),
					expirationSeconds,
					boundObjectRef: { apiVersion: "v1", kind: "Pod", name: podName, uid },
				},
			};
			const answer = (await client.post(
				ServiceAccount,
				{ namespace, name },
				"token",
				request,
			)) as TokenRequest;
			const { token, expirationTimestamp } = answer.status ?? {};
			if (!token) throw new Error(`no token for service account ${namespace}/${name}`);
			const life =
				(expirationTimestamp ? parseTime(expirationTimestamp) : begun + expirationSeconds * 1000) - begun;
			const renewIn = Math.min(life * RENEW_AT, DAY);
			entries.set(key, { token, renewAt: begun + renewIn });
			const cancel = clock.after(renewIn, user.changed);
			const forget = () => {
				cancel();
				entries.delete(key);
			};
			user.life.addEventListener("abort", forget, { once: true });
			return token;
		},
	};
}
