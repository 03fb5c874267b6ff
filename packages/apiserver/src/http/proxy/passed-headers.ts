/** What of a request's and an answer's headers passes through this server. */
import type { IncomingMessage } from "node:http";
import type { Context } from "../context.ts";

/** Meant for one connection only, or for this server. */
const DROPPED = new Set([
	"authorization",
	"connection",
	"cookie",
	"host",
	"http2-settings",
	"keep-alive",
	"proxy-authenticate",
	"proxy-authorization",
	"te",
	"trailer",
	"transfer-encoding",
	"upgrade",
]);

const isOwn = (name: string): boolean =>
	DROPPED.has(name) || name.startsWith("impersonate-") || name === "audit-id";

export const requestHeaders = (ctx: Context): Record<string, string | string[] | undefined> =>
	Object.fromEntries(Object.entries(ctx.headers).filter(([name]) => !name.startsWith(":") && !isOwn(name)));

/** Sets status and headers of the far side's answer; its body is still to come. */
export function passAnswer(ctx: Context, answer: IncomingMessage): void {
	ctx.status = answer.statusCode ?? 502;
	for (const [name, value] of Object.entries(answer.headers)) {
		if (value !== undefined && !DROPPED.has(name)) ctx.set(name, value);
	}
}
