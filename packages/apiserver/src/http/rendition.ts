/** Answers as bytes in the form a client asked for. Objects leave as the bytes the cache holds; the rest is computed. */
import {
	type AnyKind,
	type IncludeObject,
	isJsonObject,
	ListMeta,
	type ObjectType,
	Status,
	tableOf,
} from "@berth/api";
import type { Answer, ListAnswer } from "../registry/request.ts";
import type { Cached } from "../store/objects.ts";
import type { Encodings } from "./encodings.ts";
import type { Format, Rendition } from "./negotiation.ts";
import { envelope, field } from "./protobuf/envelope.ts";
import { renderYaml } from "./yaml.ts";

export interface RenderOptions {
	readonly rendition: Rendition;
	readonly includeObject: IncludeObject;
	/** Milliseconds since the epoch, for ages in tables. */
	readonly now: number;
	readonly pretty: boolean;
}

export interface Rendered {
	readonly format: Format;
	/** The body, in pieces that need no copy. */
	readonly pieces: readonly Uint8Array[];
}

type PlainAnswer = Exclude<Answer, { type: "watch" }>;

/** The body of any answer but a watch. What protobuf cannot say is JSON whatever was asked for. */
export function renderAnswer(answer: PlainAnswer, options: RenderOptions, encodings: Encodings): Rendered {
	const { format } = options.rendition;
	if (format === "protobuf") {
		const pieces = protobufOf(answer, options.rendition, encodings);
		if (pieces) return { format, pieces };
	}
	const pieces = jsonOf(answer, options, encodings);
	if (format !== "yaml" && !options.pretty) return { format: "json", pieces };
	const value = JSON.parse(Buffer.concat(pieces).toString());
	return format === "yaml"
		? { format, pieces: [bytes(renderYaml(value))] }
		: { format: "json", pieces: [bytes(`${JSON.stringify(value, null, 2)}\n`)] };
}

/** A Status as the body of a failed request. */
export const statusProtobuf = (status: Status, encodings: Encodings): Uint8Array =>
	Buffer.concat(envelope(STATUS, [encodings.encode(Status, status)]));

function protobufOf(
	answer: PlainAnswer,
	rendition: Rendition,
	encodings: Encodings,
): Uint8Array[] | undefined {
	if (answer.type === "value") return valueProtobuf(answer, encodings);
	const form =
		rendition.as === "metadata"
			? encodings.metadataProtobuf(rendition.version)
			: encodings.hasProtobuf(answer.kind)
				? encodings.protobuf(answer.kind)
				: undefined;
	if (!form) return undefined;
	if (answer.type === "object") return envelope(form, [answer.cached.encoded(form.message)]);
	const metadata = encodings.encode(ListMeta, listMetadata(answer.list));
	const items = answer.list.items.flatMap((cached) => field(2, [cached.encoded(form.message)]));
	return envelope({ ...form, kind: form.listKind }, [...field(1, [metadata]), ...items]);
}

function valueProtobuf(
	{ kind, value }: Extract<Answer, { type: "value" }>,
	encodings: Encodings,
): Uint8Array[] | undefined {
	const type = schemaOf(kind, value, encodings);
	if (!type || !isJsonObject(value)) return undefined;
	const names = { apiVersion: String(value.apiVersion), kind: String(value.kind) };
	return envelope(names, [encodings.encode(type, value)]);
}

function schemaOf(kind: AnyKind | undefined, value: object, encodings: Encodings): ObjectType | undefined {
	if ("kind" in value && value.kind === "Status") return Status;
	return kind && encodings.hasProtobuf(kind) ? kind.schema : undefined;
}

function jsonOf(answer: PlainAnswer, options: RenderOptions, encodings: Encodings): readonly Uint8Array[] {
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
		const encoding = encodings.metadataJson(rendition.version);
		const parts = items.map((cached) => cached.encoded(encoding));
		const head = {
			kind: "PartialObjectMetadataList",
			apiVersion: `meta.k8s.io/${rendition.version}`,
			metadata,
		};
		return metadata ? joinItems(head, parts) : parts;
	}
	if (!metadata) return items.map((cached) => cached.json());
	return joinItems({ kind: kind.listKind, apiVersion: kind.apiVersion, metadata }, items.map(jsonBytes));
}

const jsonBytes = (cached: Cached): Uint8Array => cached.json();

/** A list around the bytes of its items. */
function joinItems(head: object, items: readonly Uint8Array[]): Uint8Array[] {
	const parts: Uint8Array[] = [bytes(`${JSON.stringify(head).slice(0, -1)},"items":[`)];
	items.forEach((item, index) => {
		if (index) parts.push(COMMA);
		parts.push(item);
	});
	parts.push(LIST_END);
	return parts;
}

export const listMetadata = (list: ListAnswer) => ({
	resourceVersion: String(list.revision),
	...(list.continue ? { continue: list.continue } : {}),
	...(list.remaining === undefined ? {} : { remainingItemCount: list.remaining }),
});

function bytes(text: string): Buffer {
	return Buffer.from(text);
}

const STATUS = { apiVersion: "v1", kind: "Status" };
const COMMA = bytes(",");
const LIST_END = bytes("]}");
