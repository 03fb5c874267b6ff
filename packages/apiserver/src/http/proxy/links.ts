/**
 * Links of what is seen through the proxy subresource, made to lead back through it: those with an absolute path on the
 * far side's own host. Pure. Attributes that hold links: https://html.spec.whatwg.org/#attributes-3.
 */

export interface ProxiedPlace {
	/** Path of the proxy subresource, without a slash at its end. */
	readonly prefix: string;
	/** What the far side calls itself in links, `host:port`. */
	readonly hosts: readonly string[];
}

/** Relative links and links to other hosts stay as they are. */
export function throughProxy(link: string, { prefix, hosts }: ProxiedPlace): string {
	const absolute = /^(?:https?:)?\/\/([^/?#]*)(\/.*)?$/is.exec(link);
	const path = absolute ? absolute[2] : link;
	if (!path?.startsWith("/") || (absolute && !hosts.includes(absolute[1] ?? ""))) return link;
	return path === prefix || path.startsWith(`${prefix}/`) ? path : `${prefix}${path}`;
}

const LINKS: ReadonlyMap<string, readonly string[]> = new Map([
	["a", ["href"]],
	["area", ["href"]],
	["audio", ["src"]],
	["base", ["href"]],
	["blockquote", ["cite"]],
	["body", ["background"]],
	["button", ["formaction"]],
	["del", ["cite"]],
	["embed", ["src"]],
	["form", ["action"]],
	["frame", ["longdesc", "src"]],
	["head", ["profile"]],
	["html", ["manifest"]],
	["iframe", ["longdesc", "src"]],
	["img", ["longdesc", "src", "usemap"]],
	["input", ["src", "usemap", "formaction"]],
	["ins", ["cite"]],
	["link", ["href"]],
	["object", ["classid", "codebase", "data", "usemap"]],
	["q", ["cite"]],
	["script", ["src"]],
	["source", ["src"]],
	["video", ["poster", "src"]],
]);

/** What is inside these is text, whatever it looks like. */
const RAW = new Set(["script", "style", "textarea", "title"]);
/** A tag that has not ended by then is passed on as it is: what one page may make this server remember. */
const MAX_TAG = 16 * 1024;
const TAG = /<([a-z][^\s/>]*)(?:[^>"']|"[^"]*"|'[^']*')*>/iy;
const ATTRIBUTE = /([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/g;

/** An HTML page, chunk by chunk. Bytes are read as Latin-1: what is no link comes out as it was, in any encoding. */
export async function* rewriteLinks(
	chunks: AsyncIterable<Buffer>,
	place: ProxiedPlace,
): AsyncGenerator<Buffer, void> {
	let waiting = "";
	/** The end of what is read over: a raw element or a comment. */
	let until: RegExp | undefined;
	for await (const chunk of chunks) {
		waiting += chunk.toString("latin1");
		let done = "";
		let from = 0;
		while (from < waiting.length) {
			if (until) {
				until.lastIndex = from;
				// Its end may be cut in two by the chunks.
				const end = until.test(waiting) ? until.lastIndex : Math.max(from, waiting.length - 16);
				done += waiting.slice(from, end);
				from = end;
				if (until.lastIndex === 0) break;
				until = undefined;
				continue;
			}
			const open = waiting.indexOf("<", from);
			done += waiting.slice(from, open < 0 ? undefined : open);
			from = open < 0 ? waiting.length : open;
			if (open < 0) break;
			if (waiting.startsWith("<!--", from)) {
				until = /-->/g;
				continue;
			}
			TAG.lastIndex = from;
			const tag = TAG.exec(waiting);
			if (!tag) {
				const isStart = /^<(?:[a-z]|$)|^<!-?$/i.test(waiting.slice(from, from + 3));
				if (isStart && waiting.length - from < MAX_TAG) break;
				done += "<";
				from += 1;
				continue;
			}
			const [text, name = ""] = tag;
			done += rewriteTag(text, name.toLowerCase(), place);
			from += text.length;
			if (RAW.has(name.toLowerCase())) until = new RegExp(`</${name}[\\s/>]`, "gi");
		}
		waiting = waiting.slice(from);
		if (done) yield Buffer.from(done, "latin1");
	}
	if (waiting) yield Buffer.from(waiting, "latin1");
}

function rewriteTag(tag: string, name: string, place: ProxiedPlace): string {
	const attributes = LINKS.get(name);
	if (!attributes) return tag;
	return tag.replace(ATTRIBUTE, (whole, attribute: string, equals: string, value: string) => {
		if (!attributes.includes(attribute.toLowerCase())) return whole;
		const quote = /^["']/.exec(value)?.[0] ?? "";
		const link = quote ? value.slice(1, -1) : value;
		return `${attribute}${equals}${quote}${throughProxy(link, place)}${quote}`;
	});
}
