/** How many requests are worked on at once, and for how long. */
import { badRequest, type Clock, timeout, tooManyRequests } from "@berth/api";
import { MASTERS } from "../auth/rbac.ts";
import type { Middleware } from "./context.ts";
import { isLongRunning } from "./long-running.ts";

export interface Limits {
	/** Requests that read, at once. */
	readonly reading: number;
	/** Requests that change something, at once. */
	readonly mutating: number;
}

/** Kubernetes' own. */
export const DEFAULT_LIMITS: Limits = { reading: 400, mutating: 200 };

/** Refuses with 429 what is too much at once; administrators and long-running requests always get in. */
export function limitInFlight(limits: Limits): Middleware {
	const current = { reading: 0, mutating: 0 };
	return async (ctx, next) => {
		const { request, user } = ctx.state;
		if (isLongRunning(request) || user.groups?.includes(MASTERS)) return next();
		const kind = ctx.method === "GET" || ctx.method === "HEAD" ? "reading" : "mutating";
		if (current[kind] >= limits[kind]) {
			throw tooManyRequests("Too many requests, please try again later.", 1);
		}
		current[kind] += 1;
		try {
			return await next();
		} finally {
			current[kind] -= 1;
		}
	};
}

const MAX_DURATION = 60_000;

/**
 * Gives every request its signal: it aborts when the client is gone, when the server stops, and for all but long-running
 * requests when time is up (a minute, or less by `?timeout=`).
 */
export function limitTime(clock: Clock, stopping: AbortSignal): Middleware {
	return async (ctx, next) => {
		const controller = new AbortController();
		const { res } = ctx;
		const gone = () => {
			if (!res.writableFinished) controller.abort();
		};
		res.on("close", gone);
		const { request } = ctx.state;
		const long = isLongRunning(request);
		ctx.state.signal = long ? AbortSignal.any([controller.signal, stopping]) : controller.signal;
		const limit = long ? undefined : durationOf(request.query.get("timeout"));
		const cancel =
			limit === undefined
				? undefined
				: clock.after(limit, () =>
						controller.abort(timeout("request did not complete within the allotted timeout")),
					);
		try {
			await next();
		} finally {
			cancel?.();
		}
	};
}

/** Milliseconds of a Go duration such as `30s`; at most a minute, and a minute when nothing is said. */
function durationOf(text: string | null): number {
	if (!text) return MAX_DURATION;
	const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
	let total = 0;
	let rest = text;
	while (rest) {
		const match = /^(\d+(?:\.\d+)?)(h|ms|m|s)/.exec(rest);
		if (!match) throw badRequest(`invalid timeout specified in the request URL: ${JSON.stringify(text)}`);
		total += Number(match[1]) * units[match[2] as keyof typeof units];
		rest = rest.slice(match[0].length);
	}
	return total > 0 ? Math.min(total, MAX_DURATION) : MAX_DURATION;
}
