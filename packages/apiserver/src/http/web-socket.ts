/** Server ends of WebSockets that only send: watches and logs for browsers. */
import { type WebSocket, WebSocketServer } from "ws";
import { SOCKET_TOKEN } from "../auth/authenticate.ts";
import type { Context } from "./context.ts";
import type { Upgrades } from "./upgrade.ts";

/** Close codes of RFC 6455. */
export const DONE = 1000;
export const GOING_AWAY = 1001;
/** Messages of clients are ignored, but must be read. */
const MAX_PAYLOAD = 1024;

/** Shakes hands on the first protocol offered. Rejects when the client is gone or speaks no WebSocket. */
export function acceptWebSocket(ctx: Context, upgrades: Upgrades): Promise<WebSocket> {
	const server = new WebSocketServer({
		noServer: true,
		maxPayload: MAX_PAYLOAD,
		perMessageDeflate: false,
		// A token among the protocols is not for saying back.
		handleProtocols: (protocols) =>
			[...protocols].find((protocol) => !protocol.startsWith(SOCKET_TOKEN)) ?? false,
	});
	const { socket, head } = upgrades.take(ctx);
	return new Promise((resolve, reject) => {
		socket.once("close", () => reject(new DOMException("the client is gone", "AbortError")));
		server.handleUpgrade(ctx.req, socket, head, (accepted) => {
			accepted.on("error", () => accepted.terminate());
			resolve(accepted);
		});
	});
}

/** Resolves when the message is on its way, so that a slow reader slows its source. */
export const sendMessage = (socket: WebSocket, message: Buffer, binary = false): Promise<void> =>
	new Promise((resolve) => socket.send(message, { binary }, () => resolve()));
