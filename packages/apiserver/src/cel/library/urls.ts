/** URLs, absolute ones and absolute paths. */
import { type Declared, fn, method } from "../language/declarations.ts";
import { BOOL, listOf, mapOf, opaque, STRING } from "../language/types.ts";
import { CelError, noSuchOverload } from "../runtime/errors.ts";
import { type CelValue, EntryMap, ListValue, OpaqueValue } from "../runtime/values.ts";
import { string } from "./arguments.ts";

const TYPE = opaque("kubernetes.URL");
/** Scheme, authority, path, query; as they are written. */
const ABSOLUTE = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/s;
const PATH = /^()()(\/[^?#]*)(?:\?([^#]*))?(?:#.*)?$/s;
const AUTHORITY = /^(?:[^@]*@)?((?:\[[^\]]*\]|[^:[\]]*))(?::(\d*))?$/;

class UrlValue extends OpaqueValue {
	readonly type = TYPE;
	readonly text: string;
	readonly scheme: string;
	/** With the port. */
	readonly host: string;
	readonly hostname: string;
	readonly port: string;
	readonly path: string;
	readonly query: string;

	constructor(
		text: string,
		parts: { scheme: string; hostname: string; port: string; path: string; query: string },
	) {
		super();
		this.text = text;
		this.scheme = parts.scheme.toLowerCase();
		this.host = parts.port ? `${parts.hostname}:${parts.port}` : parts.hostname;
		this.hostname = parts.hostname.replace(/^\[|\]$/g, "");
		this.port = parts.port;
		this.path = parts.path;
		this.query = parts.query;
	}

	equals(other: OpaqueValue): boolean {
		return other instanceof UrlValue && other.text === this.text;
	}
}

export const urls: readonly Declared[] = [
	fn("url", [STRING], TYPE, ([text], meter) => {
		meter.spend(string(text).length * 0.1);
		return read(string(text));
	}),
	fn("isURL", [STRING], BOOL, ([text], meter) => {
		meter.spend(string(text).length * 0.1);
		return parse(string(text)) !== undefined;
	}),
	method("getScheme", [TYPE], STRING, ([value]) => urlOf(value).scheme),
	method("getHost", [TYPE], STRING, ([value]) => urlOf(value).host),
	method("getHostname", [TYPE], STRING, ([value]) => urlOf(value).hostname),
	method("getPort", [TYPE], STRING, ([value]) => urlOf(value).port),
	method("getEscapedPath", [TYPE], STRING, ([value]) => escapedPath(urlOf(value).path)),
	method("getQuery", [TYPE], mapOf(STRING, listOf(STRING)), ([value]) => queryOf(urlOf(value).query)),
];

function urlOf(value: CelValue | undefined): UrlValue {
	if (!(value instanceof UrlValue)) throw noSuchOverload();
	return value;
}

function read(text: string): UrlValue {
	const url = parse(text);
	if (!url)
		throw new CelError(
			`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
		);
	return url;
}

function parse(text: string): UrlValue | undefined {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these may not be in a URL
	if (/[\x00-\x20\x7f]/.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
	const found = ABSOLUTE.exec(text) ?? PATH.exec(text);
	if (!found) return undefined;
	const [, scheme = "", authority = "", path = "", query = ""] = found;
	const host = AUTHORITY.exec(authority);
	if (!host || (scheme && !authority && !path.startsWith("/"))) return undefined;
	return new UrlValue(text, { scheme, hostname: host[1] ?? "", port: host[2] ?? "", path, query });
}

/** What a path may not hold is written in percents; what is so already stays. */
const escapedPath = (path: string): string => encodeURI(path).replaceAll("%25", "%");

function queryOf(query: string): EntryMap {
	const entries = new Map<string, readonly [CelValue, string[]]>();
	for (const [key, value] of new URLSearchParams(query)) {
		const known = entries.get(`s${key}`);
		if (known) known[1].push(value);
		else entries.set(`s${key}`, [key, [value]]);
	}
	return new EntryMap(
		new Map([...entries].map(([id, [key, values]]) => [id, [key, ListValue.of(values)] as const])),
	);
}
