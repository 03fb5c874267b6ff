/**
 * HTTP/1.1 upgrades take the same way as every other request: the chain gets a response that writes to the raw socket.
 * Middleware that speaks another protocol takes the socket over.
 */
import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type Koa from "koa";
import type { Context } from "./context.ts";

/** What is left when HTTP is over. */
export interface RawConnection {
	readonly socket: Duplex;
	/** What the client sent behind its request. */
	readonly head: Buffer;
}

export interface Upgrades {
	/** Listener for the server's `upgrade` event. */
	readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
	/** The protocol asked for, in lower case; undefined for ordinary requests. */
	wanted(ctx: Context): string | undefined;
	/** Takes the connection from HTTP: nothing may be written to the response any more. Call it once. */
	take(ctx: Context): RawConnection;
}

export function createUpgrades(handle: () => ReturnType<Koa["callback"]>): Upgrades {
	const open = new WeakMap<object, RawConnection>();
	return {
		onUpgrade: (request, socket, head) => {
			open.set(request, { socket, head });
			const response = new ServerResponse(request);
			response.shouldKeepAlive = false;
			// The event's type is wider than what a TLS server hands out.
			response.assignSocket(socket as TLSSocket);
			response.on("finish", () => {
				response.detachSocket(socket as TLSSocket);
				socket.end();
			});
			socket.on("error", () => socket.destroy());
			void handle()(request, response);
		},
		wanted: (ctx) => (open.has(ctx.req) ? ctx.get("upgrade").toLowerCase() : undefined),
		take: (ctx) => {
			const raw = open.get(ctx.req);
			if (!raw) throw new TypeError("this request is no upgrade");
			open.delete(ctx.req);
			ctx.respond = false;
			ctx.res.detachSocket(raw.socket as TLSSocket);
			return raw;
		},
	};
}
