/** One HTTP/2 session to a server: shared by all requests, pinged while open, made anew when it is gone. */
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { isIP } from "node:net";
import { connect as connectTls, type TLSSocket, type ConnectionOptions as TlsOptions } from "node:tls";
import type { Clock, Logger } from "@berth/api";
import type { ClientIdentity, Credentials } from "./credentials.ts";

/** The road to the server is broken, or it does not answer; nothing is known of what became of the request. */
export class ConnectionError extends Error {
	override readonly name = "ConnectionError";
}

export interface Connection {
	/** The open session; connects when there is none. Rejects with ConnectionError. */
	session(): Promise<ClientHttp2Session>;
	close(): Promise<void>;
}

export interface ConnectionOptions {
	readonly credentials: Credentials;
	readonly identity?: (() => ClientIdentity) | undefined;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Milliseconds for TCP and TLS together. */
const CONNECT_TIMEOUT = 10_000;
/** A ping each interval, answered within one: a dead peer is found after 5 to 10 seconds. */
const PING_INTERVAL = 5_000;
/**
 * A watch that is not read for a moment keeps its window's worth of bytes. The session's window is many times a stream's,
 * so that it cannot stop the others.
 */
const STREAM_WINDOW = 1 << 20;
const SESSION_WINDOW = 32 << 20;

export function createConnection({ credentials, identity, clock, log }: ConnectionOptions): Connection {
	const { server } = credentials;
	/** Sockets are ours, not the sessions': a session that was told to go may wait for its peer for ever. */
	const sockets = new Set<TLSSocket>();
	let current: Promise<ClientHttp2Session> | undefined;
	let shown: ClientIdentity | undefined;
	let closed = false;

	function connect(): Promise<ClientHttp2Session> {
		shown = identity?.();
		const { promise, resolve, reject } = Promise.withResolvers<ClientHttp2Session>();
		const socket = connectTls(tlsOptions({ ...credentials, ...shown }));
		sockets.add(socket);
		socket.once("close", () => sockets.delete(socket));
		const session = connectHttp2(server, {
			createConnection: () => socket,
			settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
		});
		const cancelTimeout = clock.after(CONNECT_TIMEOUT, () =>
			session.destroy(new Error(`no connection within ${CONNECT_TIMEOUT / 1_000} s`)),
		);
		const retire = () => {
			if (current === promise) current = undefined;
		};
		let reason = "closed";
		session.once("connect", () => {
			cancelTimeout();
			session.setLocalWindowSize(SESSION_WINDOW);
			keepAlive(session, clock);
			resolve(session);
		});
		session.on("error", (error: Error) => {
			reason = error.message || reason;
		});
		// Streams that are under way may end in peace; new ones need a new session.
		session.once("goaway", retire);
		session.once("close", () => {
			cancelTimeout();
			retire();
			if (!closed) log.debug({ server, reason }, "connection closed");
			reject(new ConnectionError(`cannot reach ${server}: ${reason}`));
		});
		return promise;
	}

	return {
		session: async () => {
			if (closed) throw new ConnectionError(`the transport to ${server} is closed`);
			if (current && identity?.() !== shown) {
				// It ends when the last of its streams has.
				current.then(
					(session) => session.close(),
					() => {},
				);
				current = undefined;
			}
			current ??= connect();
			return current;
		},
		close: async () => {
			closed = true;
			await Promise.all(
				[...sockets].map((socket) => {
					const gone = new Promise((resolve) => socket.once("close", resolve));
					socket.destroy();
					return gone;
				}),
			);
		},
	};
}

function tlsOptions({ server, ca, certificate, key, serverName, insecure }: Credentials): TlsOptions {
	const { hostname, port } = new URL(server);
	const host = hostname.replace(/^\[|\]$/g, "");
	// An address is no name to ask for; the certificate is then checked against the address.
	const name = serverName ?? (isIP(host) ? undefined : host);
	return {
		host,
		port: Number(port || 443),
		ALPNProtocols: ["h2"],
		...(name && { servername: name }),
		...(ca && { ca }),
		...(certificate && { cert: certificate }),
		...(key && { key }),
		...(insecure && { rejectUnauthorized: false }),
	};
}

/** TCP alone takes many minutes to notice that the other side has vanished. */
function keepAlive(session: ClientHttp2Session, clock: Clock) {
	let answered = true;
	let cancel = clock.after(PING_INTERVAL, beat);
	session.once("close", () => cancel());

	function beat() {
		if (session.destroyed) return;
		if (!answered) {
			session.destroy(new Error(`no answer to a ping for ${PING_INTERVAL / 1_000} s`));
			return;
		}
		answered = false;
		session.ping((error) => {
			answered = !error;
		});
		cancel = clock.after(PING_INTERVAL, beat);
	}
}
