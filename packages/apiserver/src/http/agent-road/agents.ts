/** TLS connections to agents: the API server shows its own certificate and expects the node's. */

import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { connect, type TLSSocket } from "node:tls";
import { type Clock, type StatusError, serviceUnavailable } from "@berth/api";
import { DAY, type IssuedCertificate } from "../../pki/authority.ts";
import type { AgentAddress } from "./locate.ts";

const CONNECT_TIMEOUT = 10_000;
/** The certificate lasts a year. */
const RENEW_AFTER = 30 * DAY;

export interface Agents {
	/** An HTTP request whose answer is streamed. Throws ServiceUnavailable when there is no answer. */
	ask(
		address: AgentAddress,
		options: Pick<RequestOptions, "path" | "method" | "headers">,
		signal: AbortSignal,
		body?: Readable,
	): Promise<IncomingMessage>;
	/** A connection for a protocol of the caller's own. Throws ServiceUnavailable. */
	connect(address: AgentAddress, signal: AbortSignal): Promise<TLSSocket>;
	close(): void;
}

export function createAgents(options: {
	readonly caPem: string;
	readonly certificate: () => Promise<IssuedCertificate>;
	readonly clock: Clock;
}): Agents {
	const { caPem, certificate, clock } = options;
	const pool = new Agent({ keepAlive: true, maxCachedSessions: 100 });
	let issued: { readonly at: number; readonly pair: Promise<IssuedCertificate> } | undefined;

	const credentials = async (address: AgentAddress) => {
		if (!issued || clock.now() - issued.at > RENEW_AFTER) {
			issued = { at: clock.now(), pair: certificate() };
			// One failure must not be remembered for a month.
			issued.pair.catch(() => {
				issued = undefined;
			});
		}
		const { certificatePem, keyPem } = await issued.pair;
		return {
			host: address.host,
			port: address.port,
			servername: address.nodeName,
			ca: caPem,
			cert: certificatePem,
			key: keyPem,
		};
	};

	return {
		ask: async (address, what, signal, body) => {
			const tls = await credentials(address);
			return new Promise((resolve, reject) => {
				const sent = request({ ...tls, ...what, agent: pool, signal, timeout: CONNECT_TIMEOUT }, resolve);
				// Only silence before the connection stands counts.
				sent.on("timeout", () => {
					if (sent.socket?.connecting) sent.destroy(new Error("no answer in time"));
				});
				sent.on("error", (error) => reject(signal.aborted ? error : unreachable(address, error)));
				// Errors of either side come out as the request's.
				if (body) pipeline(body, sent).catch(() => {});
				else sent.end();
			});
		},
		connect: async (address, signal) => {
			const tls = await credentials(address);
			return new Promise((resolve, reject) => {
				const socket = connect({ ...tls, ALPNProtocols: ["http/1.1"] });
				const fail = (error: Error) => {
					socket.destroy();
					done();
					reject(signal.aborted ? error : unreachable(address, error));
				};
				const onAbort = () => fail(new DOMException("the caller is gone", "AbortError"));
				const cancel = clock.after(CONNECT_TIMEOUT, () => fail(new Error("no answer in time")));
				const done = () => {
					cancel();
					signal.removeEventListener("abort", onAbort);
					socket.off("error", fail);
				};
				signal.addEventListener("abort", onAbort);
				socket.on("error", fail);
				socket.on("secureConnect", () => {
					done();
					socket.setNoDelay(true);
					resolve(socket);
				});
			});
		},
		close: () => pool.destroy(),
	};
}

function unreachable({ host, port, nodeName }: AgentAddress, error: Error): StatusError {
	const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
	return serviceUnavailable(
		`cannot reach the agent of node ${JSON.stringify(nodeName)} at ${host}:${port}: ${code}`,
	);
}
