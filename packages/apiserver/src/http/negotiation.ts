/** Which form of an answer a client accepts. */
import { notAcceptable } from "@berth/api";

export type MetaVersion = "v1" | "v1beta1";

export type Rendition =
	| { readonly as: "object"; readonly format: "json" | "yaml" }
	/** Rows and columns, as `kubectl get` prints them. */
	| { readonly as: "table"; readonly version: MetaVersion; readonly format: "json" | "yaml" }
	/** Metadata alone. */
	| { readonly as: "metadata"; readonly version: MetaVersion; readonly format: "json" | "yaml" };

export const JSON_OBJECT: Rendition = { as: "object", format: "json" };

export interface MediaRange {
	/** Lower case, `application/json`. */
	readonly type: string;
	readonly parameters: ReadonlyMap<string, string>;
	readonly quality: number;
}

/**
 * The first acceptable form, by quality and then by order. Forms nobody serves here (protobuf, CBOR) are passed over.
 * Throws NotAcceptable when nothing is left.
 */
export function negotiate(accept: string | undefined): Rendition {
	if (!accept?.trim()) return JSON_OBJECT;
	for (const range of parseAccept(accept)) {
		const rendition = renditionOf(range);
		if (rendition) return rendition;
	}
	throw notAcceptable(["application/json", "application/yaml"]);
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

function renditionOf({ type, parameters }: MediaRange): Rendition | undefined {
	const format = FORMATS.get(type);
	if (!format) return undefined;
	const as = parameters.get("as");
	if (as === undefined) return { as: "object", format };
	const version = parameters.get("v");
	if (parameters.get("g") !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) return undefined;
	if (as === "Table") return { as: "table", version, format };
	if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") {
		return { as: "metadata", version, format };
	}
	return undefined;
}

const FORMATS: ReadonlyMap<string, "json" | "yaml"> = new Map([
	["application/json", "json"],
	["application/*", "json"],
	["*/*", "json"],
	["application/yaml", "yaml"],
]);
