/** Copies a stream into the response as it comes, no faster than the client reads. */
import { once } from "node:events";
import type { Readable } from "node:stream";
import type { Context } from "./context.ts";

/** Resolves when the source has ended; ends early, and drops the source, when the client is gone. */
export async function pump(ctx: Context, source: Readable): Promise<void> {
	const { res, state } = ctx;
	ctx.respond = false;
	ctx.flushHeaders();
	const drop = () => source.destroy();
	state.signal.addEventListener("abort", drop);
	try {
		for await (const chunk of source) {
			if (state.signal.aborted) break;
			if (!res.write(chunk)) await once(res, "drain", { signal: state.signal });
		}
	} finally {
		state.signal.removeEventListener("abort", drop);
		source.destroy();
	}
	res.end();
}
