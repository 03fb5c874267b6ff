/** The encodings in which objects leave the server beside plain JSON. Made once a server, so that all requests share bytes. */
import { type AnyKind, ObjectMetaSchema, type ObjectType, partialMetadata } from "@berth/api";
import type { Encoding } from "../store/objects.ts";
import type { MetaVersion } from "./negotiation.ts";
import { createProtobufEncoder } from "./protobuf/encode.ts";
import { envelope, field } from "./protobuf/envelope.ts";
import { hasProtobuf } from "./protobuf/layout.ts";

export type EventType = "ADDED" | "MODIFIED" | "DELETED";

interface Names {
	readonly apiVersion: string;
	/** Of one object, and of a list. */
	readonly kind: string;
	readonly listKind: string;
}

/** Protobuf of one kind of object: what stands around a message depends on what the message is. */
export interface ProtobufForm extends Names {
	/** The bare message of an object. */
	readonly message: Encoding;
	/** An event about it, as it stands in a stream. */
	readonly events: Readonly<Record<EventType, Encoding>>;
}

export interface Encodings {
	/** PartialObjectMetadata as JSON. */
	metadataJson(version: MetaVersion): Encoding;
	/** Whole objects; only of kinds for which `hasProtobuf` says so. */
	protobuf(kind: AnyKind): ProtobufForm;
	metadataProtobuf(version: MetaVersion): ProtobufForm;
	/** Whether protobuf can say all that the kind's objects can hold. */
	hasProtobuf(kind: AnyKind): boolean;
	/** The bare message of a value that is not stored. */
	encode(type: ObjectType, value: object): Uint8Array;
}

export function createEncodings(): Encodings {
	const { encode } = createProtobufEncoder();
	const forms = new WeakMap<AnyKind, ProtobufForm>();
	const able = new WeakMap<AnyKind, boolean>();

	const formOf = ({ apiVersion, kind, listKind }: Names, message: Encoding): ProtobufForm => {
		const names = { apiVersion, kind, listKind };
		const event = (type: EventType): Encoding => ({
			encode: (cached) => eventFrame(type, names, cached.encoded(message)),
		});
		const events = { ADDED: event("ADDED"), MODIFIED: event("MODIFIED"), DELETED: event("DELETED") };
		return { ...names, message, events };
	};
	const metadata = {
		json: perVersion<Encoding>((version) => ({
			encode: ({ object }) => Buffer.from(JSON.stringify(partialMetadata(object, version))),
		})),
		protobuf: perVersion((version) =>
			formOf(
				{
					apiVersion: `meta.k8s.io/${version}`,
					kind: "PartialObjectMetadata",
					listKind: "PartialObjectMetadataList",
				},
				{
					encode: ({ object }) => Buffer.concat(field(1, [encode(ObjectMetaSchema, object.metadata)])),
				},
			),
		),
	};

	return {
		encode,
		metadataJson: (version) => metadata.json[version],
		metadataProtobuf: (version) => metadata.protobuf[version],
		protobuf: (kind) =>
			remember(forms, kind, () => formOf(kind, { encode: ({ object }) => encode(kind.schema, object) })),
		hasProtobuf: (kind) => remember(able, kind, () => hasProtobuf(kind.schema)),
	};
}

/** An event with the object `message` in its envelope, behind its length. */
export function eventFrame(
	type: string,
	names: { readonly apiVersion: string; readonly kind: string },
	message: Uint8Array,
): Buffer {
	const event = [...field(1, [Buffer.from(type)]), ...field(2, field(1, envelope(names, [message])))];
	const body = Buffer.concat([Buffer.alloc(4), ...event]);
	body.writeUInt32BE(body.length - 4);
	return body;
}

const perVersion = <T>(make: (version: MetaVersion) => T): Readonly<Record<MetaVersion, T>> => ({
	v1: make("v1"),
	v1beta1: make("v1beta1"),
});

function remember<K extends object, T>(memo: WeakMap<K, T>, key: K, make: () => T): T {
	const known = memo.get(key);
	if (known !== undefined) return known;
	const made = make();
	memo.set(key, made);
	return made;
}
