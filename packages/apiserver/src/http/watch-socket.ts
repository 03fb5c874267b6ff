/** A watch over a WebSocket, one event a message: for browsers, which cannot read a stream of lines. */
import type { Clock } from "@berth/api";
import type { Answer } from "../registry/request.ts";
import type { Context } from "./context.ts";
import { createEventRenderer, type RenderOptions } from "./rendition.ts";
import type { Upgrades } from "./upgrade.ts";
import { acceptWebSocket, GOING_AWAY, sendMessage } from "./web-socket.ts";

/** Resolves when either side has enough; the socket is closed then. */
export async function socketWatch(
	ctx: Context,
	answer: Extract<Answer, { type: "watch" }>,
	options: RenderOptions,
	{ upgrades, clock }: { upgrades: Upgrades; clock: Clock },
): Promise<void> {
	await using watch = answer.watch;
	const renderer = createEventRenderer(answer.kind, options, clock);
	const socket = await acceptWebSocket(ctx, upgrades);
	socket.on("close", () => void watch[Symbol.asyncDispose]());
	const { signal } = ctx.state;
	for await (const events of watch.events) {
		if (signal.aborted || socket.readyState !== socket.OPEN) break;
		for (const event of events) await sendMessage(socket, renderer.render([event]));
	}
	socket.close(GOING_AWAY);
}
