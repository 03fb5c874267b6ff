/** Everything the cluster signs: certificates, kubeconfigs and tokens. Works on the data directory, server running or not. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Clock, systemClock } from "@berth/api";
import { type Authority, DAY, type IssuedCertificate, openAuthority } from "./authority.ts";
import { renderKubeconfig } from "./kubeconfig.ts";
import { servingCertificate } from "./serving.ts";
import { ISSUER, openSigningKey, type SigningKey, USER_AUDIENCE } from "./signing-key.ts";

/** A person or a program, as RBAC knows it. */
export interface Identity {
	readonly user: string;
	readonly groups?: readonly string[] | undefined;
}

export interface NodeIdentity {
	readonly name: string;
	/** IP addresses and further host names under which the agent is reached. */
	readonly addresses: readonly string[];
}

export interface FrontProxy {
	/** The authority whose clients extension servers believe when they name a user; PEM. */
	readonly caPem: string;
	/** A client certificate of that authority; a year. */
	certificate(): Promise<IssuedCertificate>;
}

/** The only name that extension servers believe. */
export const FRONT_PROXY = "front-proxy-client";

export interface Pki {
	/** The cluster authority's certificate, PEM. */
	readonly caPem: string;
	readonly signingKey: SigningKey;
	/** Proves `user` and `groups` to the API server; a year. */
	clientCertificate(identity: Identity): Promise<IssuedCertificate>;
	/** Serves the agent's port and proves `system:node:NAME` to the API server; five years. */
	nodeCertificate(node: NodeIdentity): Promise<IssuedCertificate>;
	/** What approved certificate requests are given. */
	readonly signRequest: Authority["signRequest"];
	/** The API server's own, kept on disk and renewed when `names` change or expiry is near. */
	servingCertificate(names: readonly string[]): Promise<IssuedCertificate>;
	/** What the API server shows to agents. */
	agentClientCertificate(): Promise<IssuedCertificate>;
	/** How this server proves to extension servers whom it speaks for. Made at the first call. */
	frontProxy(): Promise<FrontProxy>;
	kubeconfig(options: Identity & { readonly server: string }): Promise<string>;
	/** Its client certificate also serves the agent's TLS port. */
	nodeKubeconfig(options: NodeIdentity & { readonly server: string }): Promise<string>;
	/** A bearer token for a person or program; it cannot be taken back, so keep it short-lived. */
	userToken(options: Identity & { readonly expiresInSeconds: number }): Promise<string>;
}

const CLIENT_LIFETIME = 365 * DAY;
const NODE_LIFETIME = 5 * 365 * DAY;

/** Opens `dataDir/pki`, making what is missing. Throws an Error that says what to do when the directory is damaged. */
export async function openPki(dataDir: string, options: { clock?: Clock | undefined } = {}): Promise<Pki> {
	const clock = options.clock ?? systemClock;
	const directory = join(dataDir, "pki");
	const authority = await openAuthority(directory, clock);
	const signingKey = await openSigningKey(directory);
	const { caPem } = authority;

	const clientCertificate = ({ user, groups = [] }: Identity) =>
		authority.issue({
			commonName: user,
			organizations: groups,
			usages: ["client"],
			lifetime: CLIENT_LIFETIME,
		});
	const nodeCertificate = ({ name, addresses }: NodeIdentity) =>
		authority.issue({
			commonName: `system:node:${name}`,
			organizations: ["system:nodes"],
			names: [...new Set([name, ...addresses])],
			usages: ["client", "server"],
			lifetime: NODE_LIFETIME,
		});

	return {
		caPem,
		signingKey,
		clientCertificate,
		nodeCertificate,
		signRequest: authority.signRequest,
		servingCertificate: (names) => servingCertificate({ authority, directory, names, clock }),
		agentClientCertificate: () =>
			clientCertificate({ user: "kube-apiserver-kubelet-client", groups: ["system:masters"] }),
		frontProxy: async () => {
			const proxies = await openAuthority(join(directory, "front-proxy"), clock, "berth-front-proxy-ca");
			return {
				caPem: proxies.caPem,
				certificate: () =>
					proxies.issue({ commonName: FRONT_PROXY, usages: ["client"], lifetime: CLIENT_LIFETIME }),
			};
		},
		kubeconfig: async ({ server, ...identity }) =>
			renderKubeconfig({
				server,
				caPem,
				user: identity.user,
				credentials: await clientCertificate(identity),
			}),
		nodeKubeconfig: async ({ server, ...node }) =>
			renderKubeconfig({
				server,
				caPem,
				user: `system:node:${node.name}`,
				credentials: await nodeCertificate(node),
			}),
		userToken: ({ user, groups = [], expiresInSeconds }) => {
			const now = Math.floor(clock.now() / 1000);
			return signingKey.sign({
				iss: ISSUER,
				sub: user,
				aud: [USER_AUDIENCE],
				groups: [...groups],
				iat: now,
				nbf: now,
				exp: now + expiresInSeconds,
				jti: randomUUID(),
			});
		},
	};
}
