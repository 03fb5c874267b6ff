/** A watch over a WebSocket, one event a message: for browsers, which cannot read a stream of lines. */
import type { Clock } from "@berth/api";
import type { Answer } from "../registry/request.ts";
import type { Context } from "./context.ts";
import type { Encodings } from "./encodings.ts";
import { createEventRenderer } from "./event-renderer.ts";
import type { RenderOptions } from "./rendition.ts";
import type { Upgrades } from "./upgrade.ts";
import { acceptWebSocket, GOING_AWAY, sendMessage } from "./web-socket.ts";

/** Resolves when either side has enough; the socket is closed then. */
export async function socketWatch(
	ctx: Context,
	answer: Extract<Answer, { type: "watch" }>,
	options: RenderOptions,
	{ upgrades, clock, encodings }: { upgrades: Upgrades; clock: Clock; encodings: Encodings },
): Promise<void> {
	await using watch = answer.watch;
	const renderer = createEventRenderer(answer.kind, options, { clock, encodings });
	const socket = await acceptWebSocket(ctx, upgrades);
	socket.on("close", () => void watch[Symbol.asyncDispose]());
	const { signal } = ctx.state;
	for await (const events of watch.events) {
		if (signal.aborted || socket.readyState !== socket.OPEN) break;
		for (const event of events) await sendMessage(socket, renderer.render([event]), renderer.binary);
	}
	socket.close(GOING_AWAY);
}
