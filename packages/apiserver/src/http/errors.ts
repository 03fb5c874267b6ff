/** The one border where errors become answers: a StatusError says its Status, anything else is a bug and is logged. */
import { internalError, type Logger, type Status, StatusError } from "@berth/api";
import type { Context, Middleware } from "./context.ts";
import type { Encodings } from "./encodings.ts";
import { CONTENT_TYPES, errorFormat } from "./negotiation.ts";
import { statusProtobuf } from "./rendition.ts";
import { renderYaml } from "./yaml.ts";

/** Outermost middleware: nothing thrown behind it reaches koa's own handler. */
export function answerErrors(log: Logger, encodings: Encodings): Middleware {
	return async (ctx, next) => {
		try {
			await next();
		} catch (error) {
			const { res } = ctx;
			const gone = ctx.req.socket?.destroyed || ctx.state.signal?.aborted;
			if (res.headersSent || (gone && isAbandoned(error))) {
				// The answer is under way, or nobody waits for it: its end is the only message left.
				if (!isAbandoned(error)) log.error({ ...about(ctx), err: error }, "an answer broke off");
				ctx.respond = false;
				res.destroy();
				return;
			}
			writeStatus(ctx, toStatus(error, log, about(ctx)), encodings);
		}
	};
}

/** The Status for an error; what is no StatusError is logged with its stack and answered without detail. */
function toStatus(error: unknown, log: Logger, fields: { readonly auditId: string }): Status {
	if (error instanceof StatusError) return error.status;
	log.error({ ...fields, err: error }, "a request failed by a bug");
	return internalError(`the server's log has more under audit ID ${fields.auditId}`).status;
}

export function writeStatus(ctx: Context, status: Status, encodings: Encodings): void {
	ctx.status = status.code ?? 500;
	ctx.set("Cache-Control", "no-cache, private");
	const seconds = status.details?.retryAfterSeconds;
	if (seconds) ctx.set("Retry-After", String(seconds));
	if (ctx.status === 401) ctx.set("WWW-Authenticate", 'Bearer realm="kubernetes-master"');
	const format = errorFormat(ctx.get("accept"));
	ctx.set("Content-Type", CONTENT_TYPES[format]);
	if (format === "protobuf") ctx.body = statusProtobuf(status, encodings);
	else ctx.body = format === "yaml" ? renderYaml(status) : `${JSON.stringify(status)}\n`;
}

/** The caller left or the server is stopping: nobody is there to read an answer. */
function isAbandoned(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const code = "code" in error ? error.code : undefined;
	return error.name === "AbortError" || ABANDONED_CODES.has(String(code));
}

const ABANDONED_CODES = new Set([
	"ECONNRESET",
	"EPIPE",
	"ABORT_ERR",
	"ERR_STREAM_PREMATURE_CLOSE",
	"ERR_STREAM_DESTROYED",
	"ERR_HTTP2_INVALID_STREAM",
	"ERR_HTTP2_STREAM_ERROR",
]);

const about = (ctx: Context) => ({ auditId: ctx.state.auditId, method: ctx.method, url: ctx.url });
