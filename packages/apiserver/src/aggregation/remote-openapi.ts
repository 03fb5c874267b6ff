/** OpenAPI documents of an extension server, as far as they are about its own group version. */
import { type APIService, isJsonObject, type JsonObject } from "@berth/api";
import { OutboundError } from "../http/outbound/outbound-error.ts";
import type { ExtensionServers } from "./extension-servers.ts";
import { askJson } from "./remote-discovery.ts";

export interface RemoteOpenApi {
	/** Where the version 3 document is, on the extension server as on this one; with the hash of its content. */
	readonly v3?: string;
	/** What the version 2 document adds to this server's. */
	readonly v2?: RemotePart;
}

export interface RemotePart {
	readonly paths: JsonObject;
	readonly definitions: JsonObject;
}

/** Empty where the server has no such documents: not all have. */
export async function readOpenApi(
	servers: ExtensionServers,
	service: APIService,
	signal: AbortSignal,
): Promise<RemoteOpenApi> {
	const { group = "", version = "" } = service.spec;
	const place = `apis/${group}/${version}`;
	const ask = async (path: string) => {
		try {
			return await askJson(servers, service, path, signal);
		} catch (error) {
			if (error instanceof OutboundError) return undefined;
			throw error;
		}
	};
	const [index, whole] = await Promise.all([ask("/openapi/v3"), ask("/openapi/v2")]);
	const entry = isJsonObject(index?.paths) ? index.paths[place] : undefined;
	const v3 = isJsonObject(entry) ? entry.serverRelativeURL : undefined;
	const v2 = whole && partOf(whole, `/${place}/`);
	return {
		...(typeof v3 === "string" && v3.startsWith(`/openapi/v3/${place}`) ? { v3 } : {}),
		...(v2 ? { v2 } : {}),
	};
}

/** Its other paths are about the server itself. */
function partOf({ paths, definitions }: JsonObject, prefix: string): RemotePart | undefined {
	if (!isJsonObject(paths)) return undefined;
	const own = Object.entries(paths).filter(([path]) => path.startsWith(prefix));
	if (!own.length) return undefined;
	return { paths: Object.fromEntries(own), definitions: isJsonObject(definitions) ? definitions : {} };
}
