/** The front door for parts of the same process: the same authorization and registry, values instead of bytes. */
import {
	type Call,
	deepFreeze,
	noSuchResource,
	type Transport,
	type UserInfo,
	type WatchEvent,
} from "@berth/api";
import type { Authorizer } from "../auth/auth.ts";
import { attributesOf, requireAllowed } from "../auth/require-allowed.ts";
import type { Answer, OutgoingEvent, Registry } from "../registry/request.ts";
import { bookmark } from "./event-renderer.ts";
import { JSON_OBJECT } from "./negotiation.ts";
import { listMetadata } from "./rendition.ts";
import { requestInfo } from "./request-info.ts";

/** `stopping` ends watches and refuses new calls. Answers are frozen; StatusErrors are thrown as they are. */
export function inProcessTransport(options: {
	readonly registry: Registry;
	readonly authorizer: Authorizer;
	readonly user: UserInfo;
	readonly stopping: AbortSignal;
}): Transport {
	const { registry, authorizer, user } = options;
	const closed = new AbortController();
	const stopping = AbortSignal.any([options.stopping, closed.signal]);

	const ask = async ({ method, path, query, body, contentType, signal }: Call): Promise<Answer> => {
		stopping.throwIfAborted();
		const request = requestInfo(method, `${path}?${queryText(query)}`);
		if (request.type !== "resource") throw noSuchResource();
		requireAllowed(authorizer, user, attributesOf(request));
		return registry.handle({
			info: request.info,
			query: request.query,
			user,
			body: body === undefined ? undefined : { value: body, contentType: contentType ?? "application/json" },
			signal: signal ? AbortSignal.any([signal, stopping]) : stopping,
		});
	};

	return {
		call: async (call) => {
			const answer = await ask(call);
			if (answer.type === "watch") {
				await answer.watch[Symbol.asyncDispose]();
				throw new TypeError("a watch was asked for by call()");
			}
			return bodyOf(answer);
		},
		watch: async (call) => {
			const answer = await ask({ ...call, query: { ...call.query, watch: "true" } });
			if (answer.type !== "watch") throw new TypeError("the server answered a watch with something else");
			return watchEvents(answer);
		},
		close: async () => closed.abort(),
	};
}

function queryText(query: Call["query"]): string {
	const given = Object.entries(query ?? {}).filter(
		(entry): entry is [string, string] => entry[1] !== undefined,
	);
	return new URLSearchParams(given).toString();
}

function bodyOf(answer: Exclude<Answer, { type: "watch" }>): unknown {
	switch (answer.type) {
		case "object":
			return answer.cached.object;
		case "value":
			return deepFreeze(answer.value);
		case "list": {
			const { kind, list } = answer;
			const items = Object.freeze(list.items.map((cached) => cached.object));
			const metadata = Object.freeze(listMetadata(list));
			return Object.freeze({ apiVersion: kind.apiVersion, kind: kind.listKind, metadata, items });
		}
	}
}

async function* watchEvents({ kind, watch }: Extract<Answer, { type: "watch" }>): AsyncIterable<WatchEvent> {
	await using source = watch;
	for await (const events of source.events) {
		for (const event of events) yield { type: event.type, object: objectOf(kind, event) };
	}
}

function objectOf(kind: Parameters<typeof bookmark>[0], event: OutgoingEvent): unknown {
	if (event.type === "ERROR") return deepFreeze(event.status);
	if (event.type === "BOOKMARK") return deepFreeze(bookmark(kind, event, JSON_OBJECT));
	return event.cached.object;
}
