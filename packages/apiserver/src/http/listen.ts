/** The TLS port: HTTP/2 and HTTP/1.1, client certificates asked for, connections ended in order. */
import type { IncomingMessage } from "node:http";
import { createSecureServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Clock, Logger } from "@berth/api";
import type Koa from "koa";
import type { IssuedCertificate } from "../pki/authority.ts";

export interface Listener {
	readonly port: number;
	/** New connections use this certificate. */
	replaceCertificate(certificate: IssuedCertificate): void;
	/** Takes no new connection, lets what is under way finish, and cuts what has not after `patience` milliseconds. */
	close(patience: number): Promise<void>;
}

export interface ListenOptions {
	readonly address: string;
	/** 0: any free one. */
	readonly port: number;
	readonly certificate: IssuedCertificate;
	/** Client certificates are checked against it. */
	readonly caPem: string;
	readonly onRequest: ReturnType<Koa["callback"]>;
	readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
	readonly clock: Clock;
	readonly log: Logger;
}

const HANDSHAKE_TIMEOUT = 10_000;
/** Longer than clients keep idle connections, so that they close first. */
const KEEP_ALIVE_TIMEOUT = 95_000;

/** Megabytes. The default of 10 refuses new requests on a connection that is sending one large list. */
const SESSION_MEMORY = 512;

/** Throws the system's error (EADDRINUSE, EACCES …) when the port cannot be had. */
export async function listen(options: ListenOptions): Promise<Listener> {
	const { address, certificate, caPem, clock, log } = options;
	const server = createSecureServer({
		allowHTTP1: true,
		requestCert: true,
		// Those without a certificate may show a token; the authenticator decides.
		rejectUnauthorized: false,
		minVersion: "TLSv1.2",
		ca: caPem,
		cert: certificate.certificatePem,
		key: certificate.keyPem,
		handshakeTimeout: HANDSHAKE_TIMEOUT,
		settings: { maxConcurrentStreams: 1000 },
		maxSessionMemory: SESSION_MEMORY,
	});
	// The HTTP/1.1 half reads this from the server, where the types do not know it.
	Object.assign(server, { keepAliveTimeout: KEEP_ALIVE_TIMEOUT });
	const sockets = new Set<TLSSocket>();
	const sessions = new Set<ServerHttp2Session>();
	server.on("secureConnection", (socket: TLSSocket) => {
		socket.setNoDelay(true);
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
		socket.on("error", (error) => log.debug({ err: error }, "connection broke"));
	});
	server.on("session", (session: ServerHttp2Session) => {
		sessions.add(session);
		session.on("close", () => sessions.delete(session));
		session.on("error", (error) => log.debug({ err: error }, "HTTP/2 session broke"));
	});
	server.on("tlsClientError", (error) => log.debug({ err: error }, "TLS handshake failed"));
	server.on("request", options.onRequest);
	server.on("upgrade", options.onUpgrade);
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(options.port, address, () => {
			server.off("error", reject);
			resolve();
		});
	});
	server.on("error", (error) => log.error({ err: error }, "the TLS port failed"));

	return {
		port: (server.address() as AddressInfo).port,
		replaceCertificate: ({ certificatePem, keyPem }) =>
			server.setSecureContext({ ca: caPem, cert: certificatePem, key: keyPem, minVersion: "TLSv1.2" }),
		close: async (patience) => {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			for (const session of sessions) session.close();
			const cancel = clock.after(patience, () => {
				for (const socket of sockets) socket.destroy();
			});
			await closed;
			cancel();
		},
	};
}
