/** Streams a watch: a line of JSON or a frame of protobuf an event, no faster than the client reads, until either side has enough. */
import { once } from "node:events";
import type { Clock } from "@berth/api";
import type { Answer } from "../registry/request.ts";
import type { Context } from "./context.ts";
import type { Encodings } from "./encodings.ts";
import { createEventRenderer } from "./event-renderer.ts";
import { PROTOBUF_TYPE } from "./protobuf/envelope.ts";
import type { RenderOptions } from "./rendition.ts";
import { setWarnings } from "./respond.ts";

type WatchAnswer = Extract<Answer, { type: "watch" }>;

/** A client that reads nothing for so long is dropped: it lists and watches again. */
const STALL_LIMIT = 60_000;
/** Events made into bytes at once: a slow client holds no more than these. */
const CHUNK = 16;

/** Resolves when the watch has ended; the response is closed then. */
export async function streamWatch(
	ctx: Context,
	answer: WatchAnswer,
	options: RenderOptions,
	{ clock, encodings }: { readonly clock: Clock; readonly encodings: Encodings },
): Promise<void> {
	await using watch = answer.watch;
	const { signal } = ctx.state;
	const { res } = ctx;
	const renderer = createEventRenderer(answer.kind, options, { clock, encodings });
	setWarnings(ctx, answer.warnings);
	ctx.status = 200;
	ctx.set("Content-Type", renderer.binary ? `${PROTOBUF_TYPE};stream=watch` : "application/json");
	ctx.set("Cache-Control", "no-cache, private");
	ctx.respond = false;
	ctx.flushHeaders();
	for await (const events of watch.events) {
		for (let i = 0; i < events.length && !signal.aborted; i += CHUNK) {
			if (!res.write(renderer.render(events.slice(i, i + CHUNK)))) await drained(ctx, clock);
		}
		if (signal.aborted) break;
	}
	res.end();
}

/** Resolves when the client has read what it was sent, or is gone. */
async function drained(ctx: Context, clock: Clock): Promise<void> {
	const { res, state } = ctx;
	const cancel = clock.after(STALL_LIMIT, () => res.destroy());
	try {
		await once(res, "drain", { signal: state.signal });
	} catch {
		// The signal ends the wait for a reader that has gone.
	} finally {
		cancel();
	}
}
