/** TLS connections to the servers behind APIServices: this server shows its front-proxy certificate and names the user. */
import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { connect, type TLSSocket } from "node:tls";
import { type APIService, badRequest, type Clock, type UserInfo } from "@berth/api";
import { type Destination, resolve } from "../http/outbound/client-config.ts";
import { describeFailure, OutboundError } from "../http/outbound/outbound-error.ts";
import { DAY, type IssuedCertificate } from "../pki/authority.ts";
import type { FrontProxy } from "../pki/pki.ts";
import type { Objects } from "../store/objects.ts";

export interface ExtensionServers {
	/** An answer to be streamed. Throws OutboundErrors. */
	ask(service: APIService, options: Asked, signal: AbortSignal): Promise<IncomingMessage>;
	/** A connection for a protocol of the caller's own. Throws OutboundErrors. */
	connect(service: APIService, signal: AbortSignal): Promise<TLSSocket>;
	/** `https://10.0.0.1:8443`, where the server is asked at present. Throws OutboundErrors. */
	address(service: APIService): string;
	close(): void;
}

export interface Asked extends Pick<RequestOptions, "method" | "path"> {
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly body?: Readable;
}

const CONNECT_TIMEOUT = 10_000;
/** The certificate lasts a year. */
const RENEW_AFTER = 30 * DAY;

export function createExtensionServers(options: {
	readonly objects: Objects;
	readonly frontProxy: FrontProxy;
	readonly clock: Clock;
	readonly random: () => number;
}): ExtensionServers {
	const { objects, frontProxy, clock, random } = options;
	const pool = new Agent({ keepAlive: true, maxCachedSessions: 100 });
	let issued: { readonly at: number; readonly pair: Promise<IssuedCertificate> } | undefined;

	const certificate = () => {
		if (!issued || clock.now() - issued.at > RENEW_AFTER) {
			issued = { at: clock.now(), pair: frontProxy.certificate() };
			// One failure must not be remembered for a month.
			issued.pair.catch(() => {
				issued = undefined;
			});
		}
		return issued.pair;
	};
	const destinationOf = ({ spec }: APIService): Destination => {
		const { namespace = "", name = "", port } = spec.service ?? {};
		return resolve({ service: { namespace, name, port }, caBundle: spec.caBundle }, objects, random());
	};
	const tlsOf = async (service: APIService, { host, port, servername, ca }: Destination) => {
		const { certificatePem: cert, keyPem: key } = await certificate();
		const insecure = service.spec.insecureSkipTLSVerify === true;
		return { host, port, servername, cert, key, ...(ca ? { ca } : {}), rejectUnauthorized: !insecure };
	};

	return {
		address: (service) => {
			const { host, port } = destinationOf(service);
			return `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
		},
		ask: async (service, { body, headers, ...what }, signal) => {
			const destination = destinationOf(service);
			const tls = await tlsOf(service, destination);
			return new Promise((done, reject) => {
				const host = destination.url.host;
				const sent = request({ ...tls, ...what, headers: { ...headers, host }, agent: pool, signal }, done);
				sent.setTimeout(CONNECT_TIMEOUT, () => {
					// Only silence before the connection stands counts.
					if (sent.socket?.connecting) sent.destroy(new Error("i/o timeout"));
				});
				sent.on("error", (error) =>
					reject(signal.aborted ? error : new OutboundError(describeFailure(error, destination))),
				);
				// Errors of either side come out as the request's.
				if (body) pipeline(body, sent).catch(() => {});
				else sent.end();
			});
		},
		connect: async (service, signal) => {
			const destination = destinationOf(service);
			const tls = await tlsOf(service, destination);
			return new Promise((done, reject) => {
				const socket = connect({ ...tls, ALPNProtocols: ["http/1.1"] });
				const fail = (error: Error) => {
					cancel();
					signal.removeEventListener("abort", onAbort);
					socket.destroy();
					reject(signal.aborted ? error : new OutboundError(describeFailure(error, destination)));
				};
				const onAbort = () => fail(new DOMException("the caller is gone", "AbortError"));
				const cancel = clock.after(CONNECT_TIMEOUT, () => fail(new Error("i/o timeout")));
				signal.addEventListener("abort", onAbort);
				socket.on("error", fail);
				socket.once("secureConnect", () => {
					cancel();
					signal.removeEventListener("abort", onAbort);
					socket.off("error", fail);
					socket.setNoDelay(true);
					done(socket);
				});
			});
		},
		close: () => pool.destroy(),
	};
}

/** The user as extension servers read it. Throws BadRequest for names that no header can carry. */
export function identityHeaders({
	username = "",
	uid,
	groups,
	extra,
}: UserInfo): Record<string, string | string[]> {
	const more = Object.entries(extra ?? {}).map(([key, values]) => [
		`x-remote-extra-${encodeURIComponent(key)}`,
		values.map(headerValue),
	]);
	return {
		"x-remote-user": headerValue(username),
		...(uid ? { "x-remote-uid": headerValue(uid) } : {}),
		...(groups?.length ? { "x-remote-group": groups.map(headerValue) } : {}),
		...Object.fromEntries(more),
	};
}

/** UTF-8, byte by byte: what Go reads back as it was. */
function headerValue(text: string): string {
	const bytes = Buffer.from(text, "utf8").toString("latin1");
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what headers cannot carry
	if (/[\x00-\x08\x0a-\x1f\x7f]/.test(bytes)) throw badRequest("the user's name does not fit into a header");
	return bytes;
}
