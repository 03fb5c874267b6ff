/** The end of the chain: a request for a resource goes to the registry, its answer to the client. */
import { type AnyKind, type Clock, DeleteOptions, noSuchResource, unsupportedMediaType } from "@berth/api";
import type { Registry } from "../registry/request.ts";
import { readBody } from "./body.ts";
import type { Middleware } from "./context.ts";
import type { Encodings } from "./encodings.ts";
import { createProtobufDecoder } from "./protobuf/decode.ts";
import { PROTOBUF_TYPE } from "./protobuf/envelope.ts";
import { renderOptions, respond, warn } from "./respond.ts";
import type { Upgrades } from "./upgrade.ts";
import { socketWatch } from "./watch-socket.ts";
import { streamWatch } from "./watch-stream.ts";

export interface ResourceOptions {
	readonly registry: Registry;
	/** Kinds of subresources alone. */
	readonly bodies: readonly AnyKind[];
	readonly encodings: Encodings;
	readonly upgrades: Upgrades;
	readonly clock: Clock;
}

export function resources({ registry, bodies, encodings, upgrades, clock }: ResourceOptions): Middleware {
	const protobuf = createProtobufDecoder((apiVersion, kind) => {
		if (kind === "DeleteOptions") return DeleteOptions;
		const known = [...registry.kinds, ...bodies].find(
			(each) => each.kind === kind && each.apiVersion === apiVersion,
		);
		return known && encodings.hasProtobuf(known) ? known.schema : undefined;
	});
	return async (ctx) => {
		const { request, user, signal } = ctx.state;
		if (request.type !== "resource") throw noSuchResource();
		const { info, query } = request;
		const kind = registry.kind(info.group, info.version, info.resource);
		if (!kind) throw noSuchResource();
		const offer = {
			protobuf: encodings.hasProtobuf(kind),
			stream: info.verb === "watch",
			tables: !(kind.virtual && info.verb === "create"),
		};
		const options = renderOptions(ctx, offer, clock);
		const sendsObject = (info.verb === "create" || info.verb === "update") && info.subresource !== "scale";
		if (!offer.protobuf && sendsObject && ctx.is(PROTOBUF_TYPE)) {
			throw unsupportedMediaType(["application/json", "application/yaml"], PROTOBUF_TYPE);
		}
		const body = await readBody(ctx, clock, protobuf);
		const answer = await registry.handle({
			info,
			query,
			user,
			agent: ctx.get("user-agent"),
			body,
			signal,
			warn: (text) => warn(ctx, text),
		});
		if (answer.type !== "watch") await respond(ctx, answer, options, encodings);
		else if (upgrades.wanted(ctx) === "websocket")
			await socketWatch(ctx, answer, options, { upgrades, clock, encodings });
		else await streamWatch(ctx, answer, options, { clock, encodings });
	};
}
