/** OpenAPI documents: what `kubectl explain` reads and client-side validation uses. Made when first asked for. */
import { type AnyKind, noSuchResource, notAcceptable, openApiGroupVersions } from "@berth/api";
import type { RemoteVersion } from "../aggregation/remote-services.ts";
import type { Context } from "./context.ts";
import { parseAccept } from "./negotiation.ts";
import { createOpenApiDocuments, type OpenApiDocument } from "./openapi-documents.ts";
import { sendBytes } from "./respond.ts";
import { isTopLevel, subresourcesOf } from "./subresources.ts";
import { KUBERNETES_VERSION } from "./version.ts";

export interface OpenApi {
	/** `/openapi/v2`. */
	v2(ctx: Context): Promise<void>;
	/** `/openapi/v3`: where the documents are, each with the hash of its content. */
	index(ctx: Context): Promise<void>;
	/** `/openapi/v3/apis/apps/v1`. */
	v3(ctx: Context, path: string): Promise<void>;
}

const OPTIONS = { version: `v${KUBERNETES_VERSION}`, subresourcesOf, isTopLevel };
const ONE_YEAR = 365 * 86_400;

/** `kinds` may change while the server runs; documents are made again where they differ. `bodies` are kinds of subresources alone. */
export function createOpenApi(options: {
	kinds: () => readonly AnyKind[];
	bodies: readonly AnyKind[];
	/** What other servers serve; their version 3 documents are theirs to send. */
	remote: () => readonly RemoteVersion[];
}): OpenApi {
	const { kinds, bodies, remote } = options;
	const remoteParts = () => remote().flatMap(({ openApi }) => (openApi.v2 ? [openApi.v2] : []));
	const documents = createOpenApiDocuments(kinds, { ...OPTIONS, bodies, remote: remoteParts });
	/** `path` is `api/v1` or `apis/GROUP/VERSION`. */
	const version3 = (path: string): OpenApiDocument => {
		const found = documents.v3(path.replace(/^apis?\//, ""));
		if (!found) throw noSuchResource();
		return found;
	};

	return {
		v2: async (ctx) => {
			const type = preferred(ctx, ["application/json", ...V2_PROTOBUF]);
			const isJson = type === "application/json";
			const found = documents.v2(isJson ? "json" : "protobuf");
			await send(ctx, found, isJson ? type : V2_PROTOBUF[0]);
		},
		index: async (ctx) => {
			preferred(ctx, ["application/json"]);
			const own = openApiGroupVersions(kinds(), OPTIONS).map((path) => [
				path,
				{ serverRelativeURL: `/openapi/v3/${path}?hash=${version3(path).hash}` },
			]);
			const others = remote().flatMap(({ group, version, openApi: { v3 } }) =>
				v3 ? [[`apis/${group}/${version}`, { serverRelativeURL: v3 }]] : [],
			);
			const entries = [...own, ...others];
			await sendBytes(
				ctx,
				Buffer.from(JSON.stringify({ paths: Object.fromEntries(entries) })),
				"application/json",
			);
		},
		v3: async (ctx, path) => {
			preferred(ctx, ["application/json"]);
			if (!openApiGroupVersions(kinds(), OPTIONS).includes(path)) throw noSuchResource();
			const found = version3(path);
			const asked = ctx.state.request.query.get("hash");
			if (asked && asked !== found.hash) {
				ctx.status = 301;
				ctx.set("Location", `/openapi/v3/${path}?hash=${found.hash}`);
				ctx.body = "";
				return;
			}
			// The hash is in the address: what is behind it never changes.
			if (asked) ctx.set("Cache-Control", `public, immutable, max-age=${ONE_YEAR}`);
			await send(ctx, found);
		},
	};
}

/** What kubectl asks for. The second is the older name, which is no legal content type: the first answers both. */
const V2_PROTOBUF = [
	"application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
	"application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
] as const;

/** The best of `types` for this client, the first when anything will do. Throws NotAcceptable. */
function preferred(ctx: Context, types: readonly [string, ...string[]]): string {
	const accept = ctx.get("accept");
	if (!accept) return types[0];
	for (const { type } of parseAccept(accept)) {
		if (type === "*/*" || type === "application/*") return types[0];
		if (types.includes(type)) return type;
	}
	throw notAcceptable(types);
}

async function send(ctx: Context, { body, hash }: OpenApiDocument, type = "application/json"): Promise<void> {
	ctx.set("ETag", `"${hash}"`);
	ctx.vary("Accept");
	if (ctx.get("if-none-match") === `"${hash}"`) ctx.status = 304;
	else await sendBytes(ctx, body, type);
}
