/** What an extension server serves, asked of itself: its resources in the form of aggregated discovery. */
import { buffer } from "node:stream/consumers";
import { type APIService, isJsonObject, type JsonObject, parseJson } from "@berth/api";
import { OutboundError } from "../http/outbound/outbound-error.ts";
import { type ExtensionServers, identityHeaders } from "./extension-servers.ts";

/** As `APIVersionDiscovery` lists them. */
export type DiscoveredResources = readonly JsonObject[];

/** Whom this server speaks for when it asks on its own account. */
const SELF = identityHeaders({ username: "system:kube-aggregator", groups: ["system:masters"] });
const TIMEOUT = 5_000;
const MAX_DEPTH = 64;
const MAX_DOCUMENT = 32 * 1024 * 1024;

/** Throws an OutboundError with the words of APIServices' conditions. */
export async function discoverResources(
	servers: ExtensionServers,
	service: APIService,
	signal: AbortSignal,
): Promise<DiscoveredResources> {
	const { group = "", version = "" } = service.spec;
	const list = await askJson(servers, service, `/apis/${group}/${version}`, signal);
	const resources = Array.isArray(list?.resources) ? list.resources.filter(isJsonObject) : [];
	return aggregatedForm(resources, { group, version });
}

/** A document of the extension server; undefined when it has none. Throws an OutboundError when it cannot be asked. */
export async function askJson(
	servers: ExtensionServers,
	service: APIService,
	path: string,
	signal: AbortSignal,
): Promise<JsonObject | undefined> {
	const ended = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
	const headers = { ...SELF, accept: "application/json" };
	const url = () => `${servers.address(service)}${path}`;
	try {
		const answer = await servers.ask(service, { method: "GET", path, headers }, ended);
		let length = 0;
		answer.on("data", (chunk: Buffer) => {
			length += chunk.length;
			if (length > MAX_DOCUMENT) answer.destroy(new Error("the document is too long"));
		});
		const bytes = await buffer(answer);
		const { statusCode = 0 } = answer;
		if (statusCode < 200 || statusCode > 299) throw new BadStatus(statusCode);
		const { value } = parseJson(bytes, { maxDepth: MAX_DEPTH });
		return isJsonObject(value) ? value : undefined;
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof BadStatus) throw new OutboundError(`bad status from ${url()}: ${error.code}`);
		const reason = ended.aborted
			? "context deadline exceeded"
			: error instanceof Error
				? error.message
				: String(error);
		throw new OutboundError(`failing or missing response from ${url()}: Get "${url()}": ${reason}`);
	}
}

class BadStatus extends Error {
	readonly code: number;
	constructor(code: number) {
		super(`status ${code}`);
		this.code = code;
	}
}

/** An APIResourceList's entries, subresources with their resources. */
function aggregatedForm(
	resources: readonly JsonObject[],
	place: { readonly group: string; readonly version: string },
): DiscoveredResources {
	const kindOf = ({ group, version, kind }: JsonObject) => ({
		group: group || place.group,
		version: version || place.version,
		kind,
	});
	const nameOf = ({ name }: JsonObject) => String(name ?? "");
	return resources
		.filter((resource) => !nameOf(resource).includes("/"))
		.map((resource) => {
			const name = nameOf(resource);
			const subresources = resources
				.filter((other) => nameOf(other).startsWith(`${name}/`))
				.map((other) => ({
					subresource: nameOf(other).slice(name.length + 1),
					responseKind: kindOf(other),
					verbs: other.verbs ?? [],
				}));
			const { namespaced, singularName, verbs = [], shortNames, categories } = resource;
			return {
				resource: name,
				responseKind: kindOf(resource),
				scope: namespaced ? "Namespaced" : "Cluster",
				singularResource: singularName ?? "",
				verbs,
				...(shortNames ? { shortNames } : {}),
				...(categories ? { categories } : {}),
				...(subresources.length ? { subresources } : {}),
			};
		});
}
