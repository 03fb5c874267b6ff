/** An HTTPS server on loopback with an authority of its own: webhooks and extension servers, for tests. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { systemClock } from "@berth/api";
import { DAY, openAuthority } from "../../pki/authority.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

export interface FarServer extends AsyncDisposable {
	readonly server: Server;
	readonly port: number;
	readonly url: string;
	readonly caPem: string;
	/** As configurations carry it. */
	readonly caBundle: string;
}

export interface FarServerOptions {
	/** Default: 127.0.0.1. */
	readonly address?: string;
	/** What the certificate is for; default 127.0.0.1. */
	readonly names?: readonly string[];
	readonly tls?: ServerOptions;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export async function startFarServer(handler: Handler, options: FarServerOptions = {}): Promise<FarServer> {
	const { address = "127.0.0.1", names = ["127.0.0.1"], tls = {} } = options;
	await using directory = await temporaryDirectory();
	const authority = await openAuthority(directory.path, systemClock);
	const { certificatePem: cert, keyPem: key } = await authority.issue({
		commonName: "far",
		names,
		usages: ["server"],
		lifetime: DAY,
	});
	const server = createServer({ ...tls, cert, key }, handler);
	await new Promise<void>((resolve) => server.listen(0, address, resolve));
	const { port } = server.address() as AddressInfo;
	return {
		server,
		port,
		url: `https://${address}:${port}`,
		caPem: authority.caPem,
		caBundle: Buffer.from(authority.caPem).toString("base64"),
		[Symbol.asyncDispose]: async () => {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}

/** A handler that answers the JSON that `answer` makes of the request's; undefined: never. */
export const answering =
	// biome-ignore lint/suspicious/noExplicitAny: tests look at bodies of every shape
		(answer: (body: any, request: IncomingMessage) => object | undefined): Handler =>
		async (request, response) => {
			const value = answer(await json(request), request);
			if (!value) return;
			response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
		};
