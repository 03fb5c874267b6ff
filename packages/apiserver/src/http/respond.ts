/** Writes an answer of the registry to the client: status, headers, bytes, compressed when that pays. */
import { createGzip } from "node:zlib";
import { badRequest, type Clock, type IncludeObject } from "@berth/api";
import type { Answer } from "../registry/request.ts";
import type { Context } from "./context.ts";
import type { Encodings } from "./encodings.ts";
import { CONTENT_TYPES, negotiate, type Offer } from "./negotiation.ts";
import { type RenderOptions, renderAnswer } from "./rendition.ts";
import { isTrue } from "./request-info.ts";

/** Smaller answers cost more to compress than to send; Kubernetes draws the line here as well. */
const COMPRESS_FROM = 128 * 1024;
const SLICE = 256 * 1024;

/** How this client wants its answer. Throws NotAcceptable and BadRequest, so call it before anything is changed. */
export function renderOptions(ctx: Context, offer: Offer, clock: Clock): RenderOptions {
	const { query } = ctx.state.request;
	const rendition = negotiate(ctx.get("accept"), offer);
	return {
		rendition,
		includeObject: rendition.as === "table" ? includeObject(query.get("includeObject")) : "Object",
		now: clock.now(),
		pretty: query.has("pretty")
			? isTrue(query.get("pretty"))
			: /^(?:curl|Wget)\//.test(ctx.get("user-agent")),
	};
}

function includeObject(value: string | null): IncludeObject {
	if (!value) return "Metadata";
	if (value === "None" || value === "Metadata" || value === "Object") return value;
	throw badRequest(`invalid includeObject ${JSON.stringify(value)}: must be one of None, Metadata, Object`);
}

export async function respond(
	ctx: Context,
	answer: Exclude<Answer, { type: "watch" }>,
	options: RenderOptions,
	encodings: Encodings,
): Promise<void> {
	setWarnings(ctx, answer.warnings);
	ctx.status = answer.type === "list" ? 200 : answer.code;
	ctx.set("Cache-Control", "no-cache, private");
	const { format, pieces } = renderAnswer(answer, options, encodings);
	await sendPieces(ctx, pieces, CONTENT_TYPES[format]);
}

/** Answers 200 with a body, compressed when it is large and the client takes gzip. */
export async function sendBytes(ctx: Context, body: Buffer, type: string): Promise<void> {
	ctx.status = 200;
	await sendPieces(ctx, [body], type);
}

async function sendPieces(ctx: Context, pieces: readonly Uint8Array[], type: string): Promise<void> {
	ctx.set("Content-Type", type);
	const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
	if (length < COMPRESS_FROM || ctx.method === "HEAD") {
		const [first] = pieces;
		// Bytes of the cache go out as they are.
		const isOne = pieces.length === 1 && first;
		ctx.body = isOne
			? Buffer.from(first.buffer, first.byteOffset, first.byteLength)
			: Buffer.concat(pieces, length);
	} else if (acceptsGzip(ctx)) {
		ctx.vary("Accept-Encoding");
		ctx.set("Content-Encoding", "gzip");
		await streamCompressed(ctx, slices(pieces));
	} else {
		ctx.length = length;
		await stream(ctx, slices(pieces));
	}
}

/** A list is sent as the client takes it: all of it at once would be in memory twice, for as long as a client is slow. */
async function stream(ctx: Context, body: Iterable<Uint8Array>): Promise<void> {
	ctx.respond = false;
	ctx.flushHeaders();
	for (const slice of body) await written(ctx.res, slice, ctx.state.signal);
	ctx.res.end();
}

async function streamCompressed(ctx: Context, body: Iterable<Uint8Array>): Promise<void> {
	const { res, state } = ctx;
	const gzip = createGzip({ level: 1, chunkSize: 64 * 1024 });
	ctx.respond = false;
	ctx.flushHeaders();
	gzip.pipe(res);
	try {
		for (const slice of body) await written(gzip, slice, state.signal);
		gzip.end();
	} catch (error) {
		gzip.destroy();
		throw error;
	}
}

/** What takes bytes and says when it has done with them: an answer of either HTTP version, a compressor. */
interface Sink {
	write(bytes: Uint8Array, done: (error?: Error | null) => void): boolean;
}

/** Resolves when the bytes have gone and may be overwritten. Rejects when the client is gone or out of time. */
function written(sink: Sink, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const gone = () => reject(new DOMException("the client is gone", "AbortError"));
		if (signal.aborted) return gone();
		signal.addEventListener("abort", gone, { once: true });
		sink.write(bytes, (error) => {
			signal.removeEventListener("abort", gone);
			if (error) reject(error);
			else resolve();
		});
	});
}

/** The pieces in one buffer that is filled again and again: each slice is good until the next is asked for. */
function* slices(pieces: readonly Uint8Array[]): Iterable<Uint8Array> {
	const buffer = Buffer.allocUnsafe(SLICE);
	let length = 0;
	for (const piece of pieces) {
		for (let from = 0; from < piece.length; ) {
			const part = Math.min(SLICE - length, piece.length - from);
			buffer.set(part === piece.length ? piece : piece.subarray(from, from + part), length);
			from += part;
			length += part;
			if (length < SLICE) continue;
			yield buffer;
			length = 0;
		}
	}
	if (length) yield buffer.subarray(0, length);
}

const acceptsGzip = (ctx: Context): boolean =>
	/(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i.test(ctx.get("accept-encoding"));

/** `299 - "text"`: clients print them. */
export function setWarnings(ctx: Context, warnings: readonly string[] | undefined): void {
	for (const text of warnings ?? []) warn(ctx, text);
}

/** All warnings of an answer together, in characters: headers that are longer are more than some clients read. */
const WARNINGS_LENGTH = 4096;

/** Sent with whatever the answer will be; what was said already is not said again, and too much is not said at all. */
export function warn(ctx: Context, text: string): void {
	const header = `299 - "${headerText(text)}"`;
	const said = [ctx.response.get("Warning") ?? []].flat();
	const length = said.reduce((sum, each) => sum + each.length, header.length);
	if (!said.includes(header) && length <= WARNINGS_LENGTH) ctx.append("Warning", header);
}

/** For a quoted string; what is no printable ASCII becomes a space. */
function headerText(text: string): string {
	return [...text.slice(0, 512)]
		.map((character) => {
			if (character === '"' || character === "\\") return `\\${character}`;
			const code = character.codePointAt(0) ?? 0;
			return code < 32 || code > 126 ? " " : character;
		})
		.join("");
}
