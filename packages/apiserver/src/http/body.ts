/** Request bodies: bounded in size and time, as bytes for the registry to decode; protobuf becomes a value here. */
import { badRequest, type Clock, timeout, tooLarge, unsupportedMediaType } from "@berth/api";
import type { Body } from "../registry/request.ts";
import type { AnyRequest, Context } from "./context.ts";
import type { ProtobufDecoder } from "./protobuf/decode.ts";
import { PROTOBUF_TYPE } from "./protobuf/envelope.ts";

/** Kubernetes' limit. */
const MAX_BYTES = 3 * 1024 * 1024;
/** How long a client may take to send its body. */
const MAX_DURATION = 30_000;
/** How long the rest of a body that was refused is read. */
const LINGER = 5_000;

/**
 * The body of a request that may have one; undefined when it is empty. Throws RequestEntityTooLarge, Timeout for clients
 * that stall, UnsupportedMediaType for compressed bodies: they are small on the wire and large in memory.
 */
export async function readBody(
	ctx: Context,
	clock: Clock,
	protobuf: ProtobufDecoder,
): Promise<Body | undefined> {
	if (ctx.method === "GET" || ctx.method === "HEAD") return undefined;
	const encoding = ctx.get("content-encoding").toLowerCase();
	if (encoding && encoding !== "identity") {
		throw refuseRest(ctx, clock, unsupportedMediaType(["application/json"], `content encoding ${encoding}`));
	}
	if (Number(ctx.get("content-length")) > MAX_BYTES)
		throw refuseRest(ctx, clock, tooLarge(`limit is ${MAX_BYTES}`));
	const raw = await readBytes(ctx, clock);
	if (!raw.length) return undefined;
	const contentType = ctx.get("content-type");
	if (contentType.split(";")[0]?.trim() === PROTOBUF_TYPE) {
		return { value: protobuf.decode(raw), contentType: "application/json" };
	}
	return { raw, contentType };
}

function readBytes(ctx: Context, clock: Clock): Promise<Buffer> {
	const request: AnyRequest = ctx.req;
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let length = 0;
		const settle = (act: () => void) => {
			cancelTimer();
			request
				.off("data", onData)
				.off("end", onEnd)
				.off("error", onGone)
				.off("close", onGone)
				.off("aborted", onGone);
			act();
		};
		const onData = (chunk: Buffer) => {
			length += chunk.length;
			chunks.push(chunk);
			if (length > MAX_BYTES) settle(() => reject(refuseRest(ctx, clock, tooLarge(`limit is ${MAX_BYTES}`))));
		};
		const onEnd = () => settle(() => resolve(Buffer.concat(chunks, length)));
		const onGone = () => settle(() => reject(badRequest("the body of the request was cut short")));
		const cancelTimer = clock.after(MAX_DURATION, () => {
			const error = timeout(`the body of the request did not arrive within ${MAX_DURATION / 1000}s`);
			if (request.httpVersionMajor < 2) ctx.set("Connection", "close");
			request.resume();
			settle(() => reject(error));
		});
		request.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone).on("aborted", onGone);
	});
}

/**
 * The rest of the body is not wanted. It is still read for a moment: closing at once would reset the connection of a
 * client that is writing, which then never sees the answer.
 */
function refuseRest(ctx: Context, clock: Clock, error: Error): Error {
	const request: AnyRequest = ctx.req;
	if (request.httpVersionMajor < 2 && !request.complete) {
		const cancel = clock.after(LINGER, () => request.socket.destroy());
		request.once("end", cancel).once("close", cancel);
	}
	request.resume();
	return error;
}
