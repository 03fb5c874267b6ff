/** What a path and a method ask for. Authorization and routing both use this one reading, so they cannot disagree. */
import { badRequest, methodNotAllowed, noSuchResource, type Verb } from "@berth/api";
import type { ResourceInfo } from "../registry/request.ts";

export type RequestInfo =
	| { readonly type: "resource"; readonly info: ResourceInfo; readonly query: URLSearchParams }
	| {
			readonly type: "path";
			/** Decoded, without a slash at its end. */
			readonly path: string;
			/** The method in lower case, as RBAC names it for paths. */
			readonly verb: string;
			readonly query: URLSearchParams;
	  };

/** Subresources of a namespace; anything else behind its name is a resource inside it. */
const NAMESPACE_SUBRESOURCES: readonly string[] = ["status", "finalize"];
const MAX_URL = 16 * 1024;

/**
 * Reads `url`, an absolute path with an optional query. Throws BadRequest for escapes that do not decode and for names
 * that could climb out of their place, NotFound for empty segments, MethodNotAllowed for methods nobody serves.
 */
export function requestInfo(method: string, url: string): RequestInfo {
	if (url.length > MAX_URL) throw badRequest("the request's URL is too long");
	const mark = url.indexOf("?");
	const rawPath = mark < 0 ? url : url.slice(0, mark);
	const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
	if (!rawPath.startsWith("/")) throw badRequest("the request's path is not absolute");
	const raw = rawPath.slice(1).split("/");
	const proxied = proxyStart(raw);
	const own = proxied < 0 ? raw : raw.slice(0, proxied);
	if (own.at(-1) === "") own.pop();
	const segments = own.map(decodeSegment);
	const location = resourceLocation(segments);
	if (!location) return { type: "path", path: `/${segments.join("/")}`, verb: method.toLowerCase(), query };
	const rest = proxied < 0 ? undefined : raw.slice(proxied).join("/");
	return resourceRequest(method, location, query, rest);
}

interface Location {
	readonly group: string;
	readonly version: string;
	/** Behind the version, `watch` apart; never empty. */
	readonly parts: readonly string[];
	readonly watchPrefix: boolean;
}

/** Undefined for paths that name no resource: discovery and everything outside /api and /apis. */
function resourceLocation(segments: readonly string[]): Location | undefined {
	const [root, second = "", third = ""] = segments;
	const skip = root === "api" ? 2 : root === "apis" ? 3 : Infinity;
	if (segments.length <= skip) return undefined;
	if (segments.includes("")) throw noSuchResource();
	const parts = segments.slice(skip);
	const watchPrefix = parts[0] === "watch";
	if (watchPrefix) parts.shift();
	if (!parts.length) throw noSuchResource();
	return root === "api"
		? { group: "", version: second, parts, watchPrefix }
		: { group: second, version: third, parts, watchPrefix };
}

function resourceRequest(
	method: string,
	{ group, version, parts, watchPrefix }: Location,
	query: URLSearchParams,
	rest: string | undefined,
): RequestInfo {
	const inNamespace =
		parts[0] === "namespaces" && parts.length > 2 && !NAMESPACE_SUBRESOURCES.includes(parts[2] ?? "");
	const namespace = inNamespace ? parts[1] : undefined;
	const [resource = "", name, subresource, ...tooMuch] = inNamespace ? parts.slice(2) : parts;
	if (tooMuch.length) throw noSuchResource();
	const place = { group, version, resource, namespace, subresource, rest };
	if (watchPrefix) {
		if (method !== "GET") throw methodNotAllowed({ group, resource }, method.toLowerCase());
		if (name !== undefined) query.set("fieldSelector", `metadata.name=${name}`);
		query.set("watch", "true");
		return { type: "resource", info: { ...place, verb: "watch" }, query };
	}
	// The one method that has no verb: only those who may do anything may send it on.
	const isOptions = method === "OPTIONS" && subresource === "proxy";
	const verb = isOptions ? "" : verbOf(method, name !== undefined, query);
	if (verb === undefined) throw methodNotAllowed({ group, resource }, method.toLowerCase());
	return { type: "resource", info: { ...place, verb, name }, query };
}

function verbOf(method: string, named: boolean, query: URLSearchParams): Verb | undefined {
	switch (method) {
		case "GET":
		case "HEAD":
			if (named) return "get";
			return isTrue(query.get("watch")) ? "watch" : "list";
		case "POST":
			return "create";
		case "PUT":
			return "update";
		case "PATCH":
			return "patch";
		case "DELETE":
			return named ? "delete" : "deletecollection";
		default:
			return undefined;
	}
}

/** Booleans of a query as Kubernetes reads them: there and neither `0` nor `false`. */
export const isTrue = (value: string | null): boolean =>
	value !== null && value !== "0" && value.toLowerCase() !== "false";

/** Index of the first segment that belongs to the far side of a proxy; -1 when nothing is proxied. */
function proxyStart(raw: readonly string[]): number {
	const start = raw[0] === "api" ? 2 : raw[0] === "apis" ? 3 : -1;
	if (start < 0) return -1;
	const subresource = raw[start] === "namespaces" ? start + 4 : start + 2;
	return raw[subresource] === "proxy" ? subresource + 1 : -1;
}

function decodeSegment(raw: string): string {
	let segment: string;
	try {
		segment = decodeURIComponent(raw);
	} catch {
		throw badRequest(`the request's path holds an invalid escape: ${JSON.stringify(raw)}`);
	}
	if (segment === "." || segment === "..")
		throw badRequest(`invalid path segment ${JSON.stringify(segment)}`);
	for (const character of ["/", "\\", "\0", "%"]) {
		if (segment.includes(character)) throw badRequest(`invalid path segment ${JSON.stringify(segment)}`);
	}
	return segment;
}
