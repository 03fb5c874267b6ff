/** A watch over a WebSocket, one event a message: for browsers, which cannot read a stream of lines. */
import type { Clock } from "@berth/api";
import { type WebSocket, WebSocketServer } from "ws";
import { SOCKET_TOKEN } from "../auth/authenticate.ts";
import type { Answer } from "../registry/request.ts";
import type { Context } from "./context.ts";
import { createEventRenderer, type RenderOptions } from "./rendition.ts";
import type { Upgrades } from "./upgrade.ts";

const GOING_AWAY = 1001;
/** Messages of clients are ignored, but must be read. */
const MAX_PAYLOAD = 1024;

/** Resolves when either side has enough; the socket is closed then. */
export async function socketWatch(
	ctx: Context,
	answer: Extract<Answer, { type: "watch" }>,
	options: RenderOptions,
	{ upgrades, clock }: { upgrades: Upgrades; clock: Clock },
): Promise<void> {
	await using watch = answer.watch;
	const renderer = createEventRenderer(answer.kind, options, clock);
	const socket = await accept(ctx, upgrades);
	socket.on("error", () => socket.terminate());
	socket.on("close", () => void watch[Symbol.asyncDispose]());
	const { signal } = ctx.state;
	for await (const events of watch.events) {
		if (signal.aborted || socket.readyState !== socket.OPEN) break;
		for (const event of events) await send(socket, renderer.render([event]));
	}
	socket.close(GOING_AWAY);
}

function accept(ctx: Context, upgrades: Upgrades): Promise<WebSocket> {
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
		server.handleUpgrade(ctx.req, socket, head, resolve);
	});
}

/** Resolves when the message is on its way, so that a slow reader slows the watch. */
const send = (socket: WebSocket, message: Buffer): Promise<void> =>
	new Promise((resolve) => socket.send(message, { binary: false }, () => resolve()));
