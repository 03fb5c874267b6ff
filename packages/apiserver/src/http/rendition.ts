/** Answers as bytes in the form a client asked for. Objects leave as the bytes the cache holds; the rest is computed. */
import { type AnyKind, type Clock, type IncludeObject, partialMetadata, tableOf } from "@berth/api";
import type { Answer, ListAnswer, OutgoingEvent } from "../registry/request.ts";
import type { Cached } from "../store/objects.ts";
import type { MetaVersion, Rendition } from "./negotiation.ts";
import { renderYaml } from "./yaml.ts";

export interface RenderOptions {
	readonly rendition: Rendition;
	readonly includeObject: IncludeObject;
	/** Milliseconds since the epoch, for ages in tables. */
	readonly now: number;
	readonly pretty: boolean;
}

/** The body of any answer but a watch, in pieces that need no copy. */
export function renderAnswer(
	answer: Exclude<Answer, { type: "watch" }>,
	options: RenderOptions,
): readonly Uint8Array[] {
	if (options.rendition.format === "yaml" || options.pretty) {
		const value = JSON.parse(Buffer.concat(renderJson(answer, options)).toString());
		return [
			bytes(options.rendition.format === "yaml" ? renderYaml(value) : `${JSON.stringify(value, null, 2)}\n`),
		];
	}
	return renderJson(answer, options);
}

function renderJson(
	answer: Exclude<Answer, { type: "watch" }>,
	options: RenderOptions,
): readonly Uint8Array[] {
	if (answer.type === "value") return [bytes(JSON.stringify(answer.value))];
	const { rendition, includeObject, now } = options;
	const { kind } = answer;
	const items = answer.type === "list" ? answer.list.items : [answer.cached];
	const metadata = answer.type === "list" ? listMetadata(answer.list) : undefined;
	if (rendition.as === "table") {
		const objects = items.map((cached) => cached.object);
		const table = tableOf(kind, objects, { includeObject, now, version: rendition.version, metadata });
		return [bytes(JSON.stringify(table))];
	}
	if (rendition.as === "metadata") {
		const parts = items.map((cached) => partialMetadata(cached.object, rendition.version));
		const apiVersion = `meta.k8s.io/${rendition.version}`;
		const list = { kind: "PartialObjectMetadataList", apiVersion, metadata, items: parts };
		return [bytes(JSON.stringify(metadata ? list : parts[0]))];
	}
	return answer.type === "object" ? [answer.cached.json()] : joinItems(kind, items, metadata);
}

/** A list around the bytes of its items. */
function joinItems(kind: AnyKind, items: readonly Cached[], metadata: object | undefined): Uint8Array[] {
	const head = JSON.stringify({ kind: kind.listKind, apiVersion: kind.apiVersion, metadata });
	const parts: Uint8Array[] = [bytes(`${head.slice(0, -1)},"items":[`)];
	items.forEach((cached, index) => {
		if (index) parts.push(COMMA);
		parts.push(cached.json());
	});
	parts.push(LIST_END);
	return parts;
}

export const listMetadata = (list: ListAnswer) => ({
	resourceVersion: String(list.revision),
	...(list.continue ? { continue: list.continue } : {}),
	...(list.remaining === undefined ? {} : { remainingItemCount: list.remaining }),
});

/** One watch's events as lines of JSON. */
export interface EventRenderer {
	render(events: readonly OutgoingEvent[]): Buffer;
}

/** Column definitions of tables are sent once, with the first event: that is what kubectl expects. */
export function createEventRenderer(
	kind: AnyKind,
	options: Pick<RenderOptions, "rendition" | "includeObject">,
	clock: Clock,
): EventRenderer {
	const { rendition } = options;
	let first = true;
	const asTable = (cached: Cached, version: MetaVersion): object => {
		const { includeObject } = options;
		const table = tableOf(kind, [cached.object], { includeObject, version, now: clock.now() });
		const { columnDefinitions: _, ...rest } = table;
		const sent = first ? table : rest;
		first = false;
		return sent;
	};
	const body = (event: OutgoingEvent): Uint8Array => {
		if (event.type === "ERROR") return bytes(JSON.stringify(event.status));
		if (event.type === "BOOKMARK") return bytes(JSON.stringify(bookmark(kind, event, rendition)));
		if (rendition.as === "table") return bytes(JSON.stringify(asTable(event.cached, rendition.version)));
		if (rendition.as === "metadata")
			return bytes(JSON.stringify(partialMetadata(event.cached.object, rendition.version)));
		return event.cached.json();
	};
	return {
		render: (events) =>
			Buffer.concat(events.flatMap((event) => [EVENT_HEADS[event.type], body(event), EVENT_END])),
	};
}

/** An object that carries a revision and nothing else; `kind` says what a client expects to decode. */
export function bookmark(
	kind: AnyKind,
	event: Extract<OutgoingEvent, { type: "BOOKMARK" }>,
	rendition: Rendition,
): object {
	const metadata = {
		resourceVersion: String(event.revision),
		creationTimestamp: null,
		...(event.initial ? { annotations: { [INITIAL_EVENTS_END]: "true" } } : {}),
	};
	const object = { kind: kind.kind, apiVersion: kind.apiVersion, metadata };
	if (rendition.as === "object") return object;
	const part = { ...object, kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${rendition.version}` };
	if (rendition.as === "metadata") return part;
	return {
		kind: "Table",
		apiVersion: `meta.k8s.io/${rendition.version}`,
		metadata: { resourceVersion: metadata.resourceVersion },
		rows: [{ cells: [], object: part }],
	};
}

const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

function bytes(text: string): Buffer {
	return Buffer.from(text);
}

const COMMA = bytes(",");
const LIST_END = bytes("]}");
const EVENT_END = bytes("}\n");
const eventHead = (type: string) => bytes(`{"type":"${type}","object":`);
const EVENT_HEADS = {
	ADDED: eventHead("ADDED"),
	MODIFIED: eventHead("MODIFIED"),
	DELETED: eventHead("DELETED"),
	BOOKMARK: eventHead("BOOKMARK"),
	ERROR: eventHead("ERROR"),
};
