/** Which form of an answer a client accepts. */
import { notAcceptable } from "@berth/api";
import { PROTOBUF_TYPE } from "./protobuf/envelope.ts";

export type MetaVersion = "v1" | "v1beta1";

export type Format = "json" | "yaml" | "protobuf";

export type Rendition =
	| { readonly as: "object"; readonly format: Format }
	/** Rows and columns, as `kubectl get` prints them. */
	| { readonly as: "table"; readonly version: MetaVersion; readonly format: Exclude<Format, "protobuf"> }
	/** Metadata alone. */
	| { readonly as: "metadata"; readonly version: MetaVersion; readonly format: Format };

export const JSON_OBJECT: Rendition = { as: "object", format: "json" };

/** What can be had at an endpoint. */
export interface Offer {
	/** Whole objects in protobuf: not of custom resources. Their metadata is in any case. */
	readonly protobuf: boolean;
	/** A stream of events: each must say where it ends, which YAML cannot. */
	readonly stream: boolean;
	/** Rows and columns: not of the answers that a create computes (SubjectAccessReview …). Default true. */
	readonly tables?: boolean;
}

export interface MediaRange {
	/** Lower case, `application/json`. */
	readonly type: string;
	readonly parameters: ReadonlyMap<string, string>;
	readonly quality: number;
}

/**
 * The first acceptable form, by quality and then by order. Forms nobody serves here (CBOR) are passed over. Throws
 * NotAcceptable when nothing is left.
 */
export function negotiate(accept: string | undefined, offer: Offer): Rendition {
	if (!accept?.trim()) return JSON_OBJECT;
	for (const range of parseAccept(accept)) {
		const rendition = renditionOf(range, offer);
		if (rendition) return rendition;
	}
	throw notAcceptable(offer.stream ? STREAM_TYPES : TYPES);
}

/** In which format to say that a request failed: the first that is understood, JSON when none is. */
export function errorFormat(accept: string | undefined): Format {
	for (const { type } of parseAccept(accept ?? "")) {
		const format = FORMATS.get(type);
		if (format) return format;
	}
	return "json";
}

/** Ranges of an Accept header, best first; what is malformed is left out. */
export function parseAccept(accept: string): MediaRange[] {
	return accept
		.split(",")
		.flatMap((text) => parseRange(text) ?? [])
		.filter((range) => range.quality > 0)
		.toSorted((a, b) => b.quality - a.quality);
}

function parseRange(text: string): MediaRange | undefined {
	const [type = "", ...rest] = text.split(";").map((part) => part.trim());
	if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return undefined;
	const parameters = new Map<string, string>();
	for (const parameter of rest) {
		const equals = parameter.indexOf("=");
		if (equals > 0) {
			const value = parameter.slice(equals + 1).replace(/^"(.*)"$/, "$1");
			parameters.set(parameter.slice(0, equals).toLowerCase(), value);
		}
	}
	const quality = parameters.has("q") ? Number(parameters.get("q")) : 1;
	return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality };
}

function renditionOf({ type, parameters }: MediaRange, offer: Offer): Rendition | undefined {
	const format = FORMATS.get(type);
	if (!format || (offer.stream && format === "yaml")) return undefined;
	if (parameters.has("stream") && (!offer.stream || parameters.get("stream") !== "watch")) return undefined;
	const as = parameters.get("as");
	if (as === undefined)
		return format === "protobuf" && !offer.protobuf ? undefined : { as: "object", format };
	const version = parameters.get("v");
	if (parameters.get("g") !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) return undefined;
	if (as === "Table") {
		// Protobuf has no tables.
		return format === "protobuf" || offer.tables === false ? undefined : { as: "table", version, format };
	}
	if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") {
		return { as: "metadata", version, format };
	}
	return undefined;
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
	["application/json", "json"],
	["application/*", "json"],
	["*/*", "json"],
	["application/yaml", "yaml"],
	[PROTOBUF_TYPE, "protobuf"],
]);

/** Undefined for types that nobody serves here. */
export const formatOf = (type: string): Format | undefined => FORMATS.get(type);

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
	json: "application/json",
	yaml: "application/yaml",
	protobuf: PROTOBUF_TYPE,
};

const TYPES = Object.values(CONTENT_TYPES);
const STREAM_TYPES = ["application/json;stream=watch", `${PROTOBUF_TYPE};stream=watch`];
