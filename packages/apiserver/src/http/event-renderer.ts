/** The events of one watch as bytes, in the form a client asked for. What is about a stored object is encoded once for all. */
import { type AnyKind, type Clock, ObjectMetaSchema, Status, tableOf } from "@berth/api";
import type { OutgoingEvent } from "../registry/request.ts";
import type { Cached } from "../store/objects.ts";
import { type Encodings, eventFrame } from "./encodings.ts";
import type { MetaVersion, Rendition } from "./negotiation.ts";
import { field } from "./protobuf/envelope.ts";
import type { RenderOptions } from "./rendition.ts";

export interface EventRenderer {
	/** Protobuf events are for binary messages. */
	readonly binary: boolean;
	render(events: readonly OutgoingEvent[]): Buffer;
}

type Options = Pick<RenderOptions, "rendition" | "includeObject">;

/** Throws TypeError when `kind` has no protobuf and protobuf is asked for: negotiation does not let that happen. */
export function createEventRenderer(
	kind: AnyKind,
	options: Options,
	{ clock, encodings }: { readonly clock: Clock; readonly encodings: Encodings },
): EventRenderer {
	const { rendition } = options;
	if (rendition.format === "protobuf") return protobufEvents(kind, rendition, encodings);
	const body = jsonBodies(kind, options, clock, encodings);
	return {
		binary: false,
		render: (events) =>
			Buffer.concat(events.flatMap((event) => [EVENT_HEADS[event.type], body(event), EVENT_END])),
	};
}

function jsonBodies(
	kind: AnyKind,
	{ rendition, includeObject }: Options,
	clock: Clock,
	encodings: Encodings,
): (event: OutgoingEvent) => Uint8Array {
	let first = true;
	/** Column definitions of tables are sent once, with the first event: that is what kubectl expects. */
	const asTable = (cached: Cached, version: MetaVersion): object => {
		const table = tableOf(kind, [cached.object], { includeObject, version, now: clock.now() });
		const { columnDefinitions: _, ...rest } = table;
		const sent = first ? table : rest;
		first = false;
		return sent;
	};
	const metadata = rendition.as === "metadata" ? encodings.metadataJson(rendition.version) : undefined;
	return (event) => {
		if (event.type === "ERROR") return bytes(JSON.stringify(event.status));
		if (event.type === "BOOKMARK") return bytes(JSON.stringify(bookmark(kind, event, rendition)));
		if (rendition.as === "table") return bytes(JSON.stringify(asTable(event.cached, rendition.version)));
		return metadata ? event.cached.encoded(metadata) : event.cached.json();
	};
}

function protobufEvents(kind: AnyKind, rendition: Rendition, encodings: Encodings): EventRenderer {
	const form =
		rendition.as === "metadata" ? encodings.metadataProtobuf(rendition.version) : encodings.protobuf(kind);
	const frame = (event: OutgoingEvent): Uint8Array => {
		if (event.type === "ERROR") {
			return eventFrame(
				"ERROR",
				{ apiVersion: "v1", kind: "Status" },
				encodings.encode(Status, event.status),
			);
		}
		if (event.type === "BOOKMARK") {
			const { metadata } = bookmark(kind, event, rendition);
			return eventFrame(
				"BOOKMARK",
				form,
				Buffer.concat(field(1, [encodings.encode(ObjectMetaSchema, metadata)])),
			);
		}
		return event.cached.encoded(form.events[event.type]);
	};
	return { binary: true, render: (events) => Buffer.concat(events.map(frame)) };
}

interface Bookmark {
	readonly kind: string;
	readonly apiVersion: string;
	readonly metadata: object;
	readonly rows?: readonly object[];
}

/** An object that carries a revision and nothing else; `kind` says what a client expects to decode. */
export function bookmark(
	kind: AnyKind,
	event: Extract<OutgoingEvent, { type: "BOOKMARK" }>,
	rendition: Rendition,
): Bookmark {
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

const EVENT_END = bytes("}\n");
const eventHead = (type: string) => bytes(`{"type":"${type}","object":`);
const EVENT_HEADS = {
	ADDED: eventHead("ADDED"),
	MODIFIED: eventHead("MODIFIED"),
	DELETED: eventHead("DELETED"),
	BOOKMARK: eventHead("BOOKMARK"),
	ERROR: eventHead("ERROR"),
};
