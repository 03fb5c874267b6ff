/** The end of the chain: a request for a resource goes to the registry, its answer to the client. */
import { type Clock, DeleteOptions, Eviction, noSuchResource } from "@berth/api";
import type { Registry } from "../registry/request.ts";
import { readBody } from "./body.ts";
import type { Middleware } from "./context.ts";
import type { SchemaLookup } from "./protobuf/decode.ts";
import { renderOptions, respond } from "./respond.ts";
import type { Upgrades } from "./upgrade.ts";
import { socketWatch } from "./watch-socket.ts";
import { streamWatch } from "./watch-stream.ts";

export interface ResourceOptions {
	readonly registry: Registry;
	readonly upgrades: Upgrades;
	readonly clock: Clock;
}

export function resources({ registry, upgrades, clock }: ResourceOptions): Middleware {
	const schemas: SchemaLookup = (apiVersion, kind) =>
		kind === "DeleteOptions"
			? DeleteOptions
			: [...registry.kinds, Eviction].find((known) => known.kind === kind && known.apiVersion === apiVersion)
					?.schema;
	return async (ctx) => {
		const { request, user, signal } = ctx.state;
		if (request.type !== "resource") throw noSuchResource();
		const { info, query } = request;
		if (!registry.kind(info.group, info.version, info.resource)) throw noSuchResource();
		const options = renderOptions(ctx, clock);
		const body = await readBody(ctx, clock, schemas);
		const answer = await registry.handle({ info, query, user, body, signal });
		if (answer.type !== "watch") await respond(ctx, answer, options);
		else if (upgrades.wanted(ctx) === "websocket")
			await socketWatch(ctx, answer, options, { upgrades, clock });
		else await streamWatch(ctx, answer, options, clock);
	};
}
