/** The paths of discovery, each answered with an ETag so that clients ask again cheaply. */
import { createHash } from "node:crypto";
import { type AnyKind, noSuchResource } from "@berth/api";
import type { Context } from "./context.ts";
import {
	type AggregatedVersion,
	aggregatedDiscovery,
	legacyCoreVersions,
	legacyGroup,
	legacyGroupList,
	legacyResourceList,
} from "./discovery.ts";
import { JSON_OBJECT, negotiate } from "./negotiation.ts";
import { lists, sendBytes } from "./respond.ts";
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
	address: () => string;
}): Discovery {
	const { kinds, address } = options;
	let madeFor: readonly AnyKind[] | undefined;
	const made = new Map<string, { readonly body: Buffer; readonly etag: string }>();

	const send = async (ctx: Context, key: string, type: string, make: () => object | undefined) => {
		if (madeFor !== kinds()) {
			madeFor = kinds();
			made.clear();
		}
		let document = made.get(key);
		if (!document) {
			const value = make();
			if (!value) throw noSuchResource();
			const body = Buffer.from(type === "application/yaml" ? renderYaml(value) : JSON.stringify(value));
			document = { body, etag: `"${createHash("sha256").update(body).digest("hex").toUpperCase()}"` };
			made.set(key, document);
		}
		ctx.vary("Accept");
		ctx.set("Cache-Control", "public");
		ctx.set("ETag", document.etag);
		if (ctx.get("if-none-match") === document.etag) {
			ctx.status = 304;
			return;
		}
		await sendBytes(ctx, document.body, type);
	};

	const root = (ctx: Context, name: "api" | "apis", legacy: () => object) => {
		const version = aggregatedVersion(ctx);
		if (version) {
			const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
			return send(ctx, `${name} ${version}`, type, () => aggregatedDiscovery(kinds(), name, version));
		}
		return plain(ctx, name, legacy);
	};

	const plain = (ctx: Context, key: string, make: () => object | undefined) => {
		const { format } = negotiateForm(ctx);
		return send(ctx, `${key} ${format}`, `application/${format}`, make);
	};

	return {
		coreVersions: (ctx) => root(ctx, "api", () => legacyCoreVersions(address())),
		groups: (ctx) => root(ctx, "apis", () => legacyGroupList(kinds())),
		group: (ctx, name) => plain(ctx, `apis/${name}`, () => legacyGroup(kinds(), name)),
		resources: (ctx, group, version) =>
			plain(ctx, `apis/${group}/${version}`, () => legacyResourceList(kinds(), group, version)),
	};
}

const AGGREGATED: readonly AggregatedVersion[] = ["v2", "v2beta1"];

function aggregatedVersion(ctx: Context): AggregatedVersion | undefined {
	return AGGREGATED.find((version) =>
		lists(ctx, "application/json", { g: "apidiscovery.k8s.io", v: version, as: "APIGroupDiscoveryList" }),
	);
}

/** Discovery is no object of the API: other forms than whole documents are taken for plain JSON. */
function negotiateForm(ctx: Context) {
	const rendition = negotiate(ctx.get("accept"), { protobuf: false, stream: false });
	return rendition.as === "object" ? rendition : JSON_OBJECT;
}
