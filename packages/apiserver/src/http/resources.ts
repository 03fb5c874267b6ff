/** The end of the chain: a request for a resource goes to the registry, its answer to the client. */
import { type Clock, noSuchResource } from "@berth/api";
import type { Registry } from "../registry/request.ts";
import { readBody } from "./body.ts";
import type { Middleware } from "./context.ts";
import { renderOptions, respond } from "./respond.ts";
import { streamWatch } from "./watch-stream.ts";

export function resources(registry: Registry, clock: Clock): Middleware {
	return async (ctx) => {
		const { request, user, signal } = ctx.state;
		if (request.type !== "resource") throw noSuchResource();
		const { info, query } = request;
		if (!registry.kind(info.group, info.version, info.resource)) throw noSuchResource();
		const options = renderOptions(ctx, clock);
		const body = await readBody(ctx, clock);
		const answer = await registry.handle({ info, query, user, body, signal });
		if (answer.type === "watch") await streamWatch(ctx, answer, options, clock);
		else await respond(ctx, answer, options);
	};
}
