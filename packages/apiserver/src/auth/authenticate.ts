/** Who sent a request: client certificate, then bearer token, then nobody. */
import type { TLSSocket } from "node:tls";
import { type Logger, type UserInfo, unauthorized } from "@berth/api";
import type { AnyRequest } from "../http/context.ts";
import type { Tokens } from "./auth.ts";

export const ANONYMOUS: UserInfo = { username: "system:anonymous", groups: ["system:unauthenticated"] };

/** Paths that answer without credentials, if RBAC agrees: what load balancers and `kubectl version` ask. */
const PUBLIC_PATHS: ReadonlySet<string> = new Set(["/livez", "/readyz", "/healthz", "/version"]);

/** Prefix of the WebSocket protocol that carries a bearer token. */
export const SOCKET_TOKEN = "base64url.bearer.authorization.k8s.io.";

export interface Authenticator {
	/** Throws Unauthorized for credentials that do not hold, and for none on a path that is not public. */
	authenticate(request: AnyRequest, path: string): Promise<UserInfo>;
}

export function createAuthenticator(options: { tokens: Tokens; log: Logger }): Authenticator {
	const { tokens, log } = options;
	/** A connection's certificate does not change; reading it costs more than anything else here. */
	const certified = new WeakMap<object, UserInfo>();
	const userOfConnection = (request: AnyRequest): UserInfo | undefined => {
		const connection = "stream" in request ? request.stream.session : request.socket;
		const known = connection && certified.get(connection);
		if (known) return known;
		const socket = tlsSocketOf(request);
		const user = socket && certificateUser(socket, log);
		if (user && connection) certified.set(connection, user);
		return user;
	};
	return {
		authenticate: async (request, path) => {
			const user = userOfConnection(request);
			if (user) return user;
			const token = bearerToken(request);
			if (token !== undefined) {
				try {
					return (await tokens.verify(token)).user;
				} catch (error) {
					log.debug(
						{ reason: error instanceof Error ? error.message : String(error) },
						"bearer token refused",
					);
					throw unauthorized();
				}
			}
			if (!PUBLIC_PATHS.has(path)) throw unauthorized();
			return ANONYMOUS;
		},
	};
}

/** The certificate's user; undefined when none was shown. Throws Unauthorized for one that our authority did not sign. */
function certificateUser(socket: TLSSocket, log: Logger): UserInfo | undefined {
	// A resumed TLS 1.3 session counts as authorized even without a certificate: the certificate itself decides.
	const certificate = socket.getPeerCertificate();
	const subject = certificate?.subject;
	if (!subject) return undefined;
	if (!socket.authorized) {
		log.debug({ reason: String(socket.authorizationError) }, "client certificate refused");
		throw unauthorized();
	}
	const names: unknown = subject.CN;
	const username = Array.isArray(names) ? names.at(-1) : names;
	if (typeof username !== "string" || !username) throw unauthorized();
	const organizations: unknown = subject.O ?? [];
	const groups = [organizations].flat().filter((group): group is string => typeof group === "string");
	return { username, groups: [...groups, "system:authenticated"] };
}

function bearerToken(request: AnyRequest): string | undefined {
	const { authorization } = request.headers;
	if (authorization === undefined) return socketToken(request);
	const match = /^Bearer +(\S+) *$/i.exec(authorization);
	if (!match?.[1]) throw unauthorized();
	return match[1];
}

/** Browsers cannot set headers on WebSockets: they hide the token among the protocols. */
function socketToken(request: AnyRequest): string | undefined {
	const protocols = request.headers["sec-websocket-protocol"]?.split(",") ?? [];
	const found = protocols.map((text) => text.trim()).find((text) => text.startsWith(SOCKET_TOKEN));
	return found && Buffer.from(found.slice(SOCKET_TOKEN.length), "base64url").toString();
}

/** HTTP/2 hands out a stand-in for the connection's socket; it still answers for its TLS half. */
function tlsSocketOf(request: AnyRequest): TLSSocket | undefined {
	const { socket } = request;
	return "getPeerCertificate" in socket ? (socket as TLSSocket) : undefined;
}
