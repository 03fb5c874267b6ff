/** What the proxy subresource changes of an answer, so that a browser finds its way through the proxy again. */
import type { IncomingMessage } from "node:http";
import { pipeline, Readable } from "node:stream";
import { constants, createGunzip, createGzip } from "node:zlib";
import type { Context } from "../context.ts";
import { type ProxiedPlace, rewriteLinks, throughProxy } from "./links.ts";

/** Whom the far side lets read its answers is said of its own address, not of this server's. */
const CORS = ["credentials", "headers", "methods", "origin"].map((what) => `access-control-allow-${what}`);

/**
 * Sets the headers that differ from the answer's, and gives its body: of HTML pages, plain or gzipped, with their links
 * rewritten; of all else as it comes.
 */
export function throughPage(ctx: Context, answer: IncomingMessage, place: ProxiedPlace): Readable {
	for (const name of CORS) ctx.remove(name);
	const { location, "content-type": type = "", "content-encoding": encoding } = answer.headers;
	if (location) {
		ctx.set("location", throughProxy(location, place));
		return answer;
	}
	const isPage = type.split(";")[0]?.trim().toLowerCase() === "text/html";
	if (!isPage || ctx.method === "HEAD" || !(encoding === undefined || encoding === "gzip")) return answer;
	ctx.remove("content-length");
	// Failures come out where the body is read.
	const failed = () => {};
	const plain = encoding ? pipeline(answer, createGunzip(), failed) : answer;
	const page = Readable.from(rewriteLinks(plain, place), { objectMode: false });
	return encoding ? pipeline(page, createGzip({ flush: constants.Z_SYNC_FLUSH }), failed) : page;
}
