/**
 * Bodies in Kubernetes' protobuf, which Go clients send by default, to the JSON values the registry decodes. Field
 * numbers come from the schemas.
 */
import {
	badRequest,
	formatGoDuration,
	formatMicroTime,
	formatTime,
	type ObjectType,
	type StatusError,
	schema,
} from "@berth/api";
import { MAGIC } from "./envelope.ts";
import { type Layout, layoutOf, type Slot } from "./layout.ts";
import { Malformed, readFields, type WireValue } from "./reader.ts";

type Type = schema.Type;

const MAX_DEPTH = 100;

/** Finds the schema of a kind; undefined when nobody knows it. */
export type SchemaLookup = (apiVersion: string, kind: string) => ObjectType | undefined;

/** Reads bodies; throws BadRequest for anything that is no object of a known kind. */
export interface ProtobufDecoder {
	/** The object in `body`, with apiVersion and kind. */
	decode(body: Uint8Array): unknown;
}

export function createProtobufDecoder(lookup: SchemaLookup): ProtobufDecoder {
	const layouts = new WeakMap<ObjectType, Layout>();
	const layout = (type: ObjectType): Layout => {
		const known = layouts.get(type);
		if (known) return known;
		const made = layoutOf(type);
		layouts.set(type, made);
		return made;
	};
	return {
		decode: (body) => {
			try {
				return decodeBody(body, lookup, layout);
			} catch (error) {
				if (error instanceof Malformed) throw unreadable(error.message);
				// A JSON value inside the message.
				if (error instanceof SyntaxError) throw unreadable(error.message);
				throw error;
			}
		},
	};
}

type Layouts = (type: ObjectType) => Layout;

function decodeBody(body: Uint8Array, lookup: SchemaLookup, layouts: Layouts): unknown {
	if (MAGIC.some((byte, index) => body[index] !== byte)) {
		throw new Malformed("provided data does not appear to be a protobuf message, expected prefix k8s");
	}
	const envelope = messageFields(body.subarray(MAGIC.length));
	const typeMeta = messageFields(bytesOf(envelope.get(1)?.[0]));
	const apiVersion = textOf(typeMeta.get(1)?.[0]);
	const kind = textOf(typeMeta.get(2)?.[0]);
	const type = lookup(apiVersion, kind);
	if (!type) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
	const object = decodeMessage(layouts(type), bytesOf(envelope.get(2)?.[0]), { layouts, depth: 0 });
	return { apiVersion, kind, ...object };
}

const unreadable = (detail: string): StatusError =>
	badRequest(`the body of the request is no readable protobuf: ${detail}`);

function messageFields(bytes: Uint8Array): ReadonlyMap<number, WireValue[]> {
	const fields = new Map<number, WireValue[]>();
	for (const { number, value } of readFields(bytes)) {
		const values = fields.get(number);
		if (values) values.push(value);
		else fields.set(number, [value]);
	}
	return fields;
}

interface Place {
	readonly layouts: Layouts;
	readonly depth: number;
}

function decodeMessage(layout: Layout, bytes: Uint8Array, place: Place): Record<string, unknown> {
	if (place.depth > MAX_DEPTH) throw new Malformed(`nested deeper than ${MAX_DEPTH} levels`);
	const fields = messageFields(bytes);
	return Object.fromEntries(layout.flatMap((slot) => entriesOf(slot, fields.get(slot.number), place)));
}

function entriesOf(slot: Slot, values: readonly WireValue[] | undefined, place: Place): [string, unknown][] {
	if (!values) return [];
	if ("inlined" in slot) return Object.entries(decodeMessage(slot.inlined, bytesOf(values.at(-1)), place));
	const value = decodeField(slot.type, values, place);
	const { required, nullable } = slot.field;
	if (value === undefined) return [];
	return required || nullable || !isZero(slot.type, value) ? [[slot.name, value]] : [];
}

/** Plain fields are always on the wire; JSON would leave these out. */
const isZero = ({ kind }: Type, value: unknown): boolean =>
	value === 0 || value === false || (value === "" && kind !== "intOrString");

function decodeField(type: Type, values: readonly WireValue[], place: Place): unknown {
	if (schema.isListType(type)) {
		return values.flatMap((value) =>
			isPacked(type.of, value) ? unpack(value.value) : [decodeValue(type.of, value, place)],
		);
	}
	if (schema.isMapType(type)) {
		return Object.fromEntries(
			values.map((value) => {
				const entry = messageFields(bytesOf(value));
				return [textOf(entry.get(1)?.[0]), decodeValue(type.of, entry.get(2)?.[0], place)];
			}),
		);
	}
	return decodeValue(type, values.at(-1), place);
}

const isPacked = (type: Type, value: WireValue): value is Extract<WireValue, { type: "bytes" }> =>
	value.type === "bytes" && (type.kind === "int32" || type.kind === "int64");

/** Numbers one after the other: read as a message of varints would be, had each a tag. */
function unpack(bytes: Uint8Array): unknown[] {
	const tagged: number[] = [];
	let starts = true;
	for (const byte of bytes) {
		if (starts) tagged.push(0x08);
		tagged.push(byte);
		starts = byte < 0x80;
	}
	return [...readFields(Uint8Array.from(tagged))].map(({ value }) => numberOf(value));
}

function decodeValue(type: Type, value: WireValue | undefined, place: Place): unknown {
	switch (type.kind) {
		case "string":
			return textOf(value);
		case "int32":
		case "int64":
			return numberOf(value);
		case "double":
			return value?.type === "double" ? value.value : 0;
		case "bool":
			return numberOf(value) !== 0;
		case "bytes":
			return Buffer.from(bytesOf(value)).toString("base64");
		case "time":
			return decodeTime(value, formatTime);
		case "microTime":
			return decodeTime(value, formatMicroTime);
		case "duration":
			return formatGoDuration(numberOf(messageFields(bytesOf(value)).get(1)?.[0]));
		case "quantity":
			return textOf(messageFields(bytesOf(value)).get(1)?.[0]);
		case "intOrString": {
			const fields = messageFields(bytesOf(value));
			return numberOf(fields.get(1)?.[0]) === 0 ? numberOf(fields.get(2)?.[0]) : textOf(fields.get(3)?.[0]);
		}
		case "any": {
			const raw = bytesOf(messageFields(bytesOf(value)).get(1)?.[0]);
			return raw.length ? JSON.parse(textOf({ type: "bytes", value: raw })) : undefined;
		}
		case "list": {
			// A list where protobuf has none, in a map: a message with the items as its first field.
			const items = messageFields(bytesOf(value)).get(1) ?? [];
			return decodeField(type, items, place);
		}
		case "object":
			return schema.isObjectType(type)
				? decodeMessage(place.layouts(type), bytesOf(value), { ...place, depth: place.depth + 1 })
				: undefined;
		case "either":
			return schema.isEitherType(type) ? decodeEither(type, bytesOf(value), place) : undefined;
		case "map":
			throw new Malformed("a map inside a list");
	}
}

function decodeEither(type: schema.EitherType, bytes: Uint8Array, place: Place): unknown {
	const fields = messageFields(bytes);
	const object = fields.get(type.pb.object);
	return object
		? decodeField(type.object, object, place)
		: decodeField(type.other, fields.get(type.pb.other) ?? [], place);
}

/** A time that was never set is an empty message. */
function decodeTime(value: WireValue | undefined, format: (ms: number) => string): string | undefined {
	const bytes = bytesOf(value);
	if (!bytes.length) return undefined;
	const fields = messageFields(bytes);
	const ms = numberOf(fields.get(1)?.[0]) * 1000 + Math.floor(numberOf(fields.get(2)?.[0]) / 1e6);
	if (Math.abs(ms) > 8.64e15) throw new Malformed("a time out of range");
	return format(ms);
}

function bytesOf(value: WireValue | undefined): Uint8Array {
	if (!value) return new Uint8Array();
	if (value.type !== "bytes") throw new Malformed("a number where bytes belong");
	return value.value;
}

function numberOf(value: WireValue | undefined): number {
	if (!value) return 0;
	if (value.type !== "number") throw new Malformed("bytes where a number belongs");
	return value.value;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(value: WireValue | undefined): string {
	try {
		return UTF8.decode(bytesOf(value));
	} catch (error) {
		if (error instanceof Malformed) throw error;
		throw new Malformed("text that is not UTF-8");
	}
}
