/** The paths of discovery, each answered with an ETag so that clients ask again cheaply. */
import { createHash } from "node:crypto";
import { type AnyKind, noSuchResource } from "@berth/api";
import type { RemoteVersion } from "../aggregation/remote-services.ts";
import type { Context } from "./context.ts";
import {
	type AggregatedVersion,
	aggregatedDiscovery,
	legacyCoreVersions,
	legacyGroup,
	legacyGroupList,
	legacyResourceList,
} from "./discovery.ts";
import type { Encodings } from "./encodings.ts";
import { CONTENT_TYPES, type Format, formatOf, negotiate, parseAccept } from "./negotiation.ts";
import { encodeDiscovery } from "./protobuf/discovery.ts";
import { sendBytes } from "./respond.ts";
import { renderYaml } from "./yaml.ts";

export interface Discovery {
	/** `/api`. */
	coreVersions(ctx: Context): Promise<void>;
	/** `/apis`. */
	groups(ctx: Context): Promise<void>;
	/** `/apis/GROUP`. */
	group(ctx: Context, name: string): Promise<void>;
	/** `/api/v1`, `/apis/GROUP/VERSION`. */
	resources(ctx: Context, group: string, version: string): Promise<void>;
}

/** `kinds` may change while the server runs; documents are made when first asked for and kept until then. */
export function createDiscovery(options: {
	kinds: () => readonly AnyKind[];
	/** What other servers serve; a changed list is a new array. */
	remote: () => readonly RemoteVersion[];
	address: () => string;
	encodings: Encodings;
}): Discovery {
	const { kinds, remote, address, encodings } = options;
	let madeFor: readonly AnyKind[] | undefined;
	let madeWith: readonly RemoteVersion[] | undefined;
	const made = new Map<string, { readonly body: Buffer; readonly etag: string }>();

	/** `parameters` of the content type tell forms of a document apart. */
	const send = async (
		ctx: Context,
		{ key, format, parameters = "" }: { key: string; format: Format; parameters?: string },
		make: () => object | undefined,
	) => {
		if (madeFor !== kinds() || madeWith !== remote()) {
			madeFor = kinds();
			madeWith = remote();
			made.clear();
		}
		const name = `${key} ${format}`;
		let document = made.get(name);
		if (!document) {
			const value = make();
			if (!value) throw noSuchResource();
			const body = bodyOf(value, format, encodings);
			document = { body, etag: `"${createHash("sha256").update(body).digest("hex").toUpperCase()}"` };
			made.set(name, document);
		}
		ctx.vary("Accept");
		ctx.set("Cache-Control", "public");
		ctx.set("ETag", document.etag);
		if (ctx.get("if-none-match") === document.etag) {
			ctx.status = 304;
			return;
		}
		await sendBytes(ctx, document.body, `${CONTENT_TYPES[format]}${parameters}`);
	};

	const root = (ctx: Context, name: "api" | "apis", legacy: () => object) => {
		const wanted = wantedForm(ctx);
		if (!wanted.version) return plain(ctx, name, legacy);
		const { version, format } = wanted;
		const parameters = `;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
		return send(ctx, { key: `${name} ${version}`, format, parameters }, () =>
			aggregatedDiscovery(kinds(), name, version, remote()),
		);
	};

	const plain = (ctx: Context, key: string, make: () => object | undefined) =>
		send(ctx, { key, format: plainFormat(ctx) }, make);

	return {
		coreVersions: (ctx) => root(ctx, "api", () => legacyCoreVersions(address())),
		groups: (ctx) => root(ctx, "apis", () => legacyGroupList(kinds(), remote())),
		group: (ctx, name) => plain(ctx, `apis/${name}`, () => legacyGroup(kinds(), name, remote())),
		resources: (ctx, group, version) =>
			plain(ctx, `apis/${group}/${version}`, () => legacyResourceList(kinds(), group, version)),
	};
}

const AGGREGATED: readonly AggregatedVersion[] = ["v2", "v2beta1"];

/** The first form of a root document that the client lists and that there is. */
function wantedForm(ctx: Context): { readonly format: Format; readonly version?: AggregatedVersion } {
	for (const { type, parameters } of parseAccept(ctx.get("accept"))) {
		const format = formatOf(type);
		if (!format) continue;
		if (!parameters.has("as")) return { format };
		const version = AGGREGATED.find((each) => each === parameters.get("v"));
		const isDiscovery =
			parameters.get("g") === "apidiscovery.k8s.io" && parameters.get("as") === "APIGroupDiscoveryList";
		if (version && isDiscovery && format !== "yaml") return { format, version };
	}
	return { format: plainFormat(ctx) };
}

/** Discovery is no object of the API: other forms than whole documents are taken for plain JSON. */
function plainFormat(ctx: Context): Format {
	const { as, format } = negotiate(ctx.get("accept"), { protobuf: true, stream: false });
	return as === "object" ? format : "json";
}

function bodyOf(value: object, format: Format, encodings: Encodings): Buffer {
	if (format === "yaml") return Buffer.from(renderYaml(value));
	return format === "protobuf" ? encodeDiscovery(value, encodings) : Buffer.from(JSON.stringify(value));
}
