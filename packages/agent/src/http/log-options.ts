/** The query of a log request. Pure. */
import { badRequest, parseTime } from "@berth/api";
import type { LogOptions } from "./containers.ts";

/** Throws a 400 StatusError for values that are no numbers or times. `now` in milliseconds. */
export function parseLogOptions(query: URLSearchParams, now: number): LogOptions {
	const tailLines = count(query, "tailLines", 0);
	const limitBytes = count(query, "limitBytes", 1);
	const sinceSeconds = count(query, "sinceSeconds", 1);
	const sinceTime = query.get("sinceTime");
	const since = sinceSeconds === undefined ? sinceTime && timeOf(sinceTime) : now - sinceSeconds * 1000;
	const stream = query.get("stream");
	return {
		...(stream === "stdout" || stream === "stderr" ? { stream } : {}),
		follow: flag(query, "follow"),
		previous: flag(query, "previous"),
		timestamps: flag(query, "timestamps"),
		...(tailLines === undefined ? {} : { tailLines }),
		...(since ? { since } : {}),
		...(limitBytes === undefined ? {} : { limitBytes }),
	};
}

/** `?follow`, `?follow=true`, `?follow=1`. */
export const flag = (query: URLSearchParams, name: string): boolean =>
	["", "1", "true"].includes(query.get(name)?.toLowerCase() ?? "no");

function count(query: URLSearchParams, name: string, least: number): number | undefined {
	const text = query.get(name);
	if (text === null || text === "") return undefined;
	const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
	if (value < least) throw badRequest(`invalid value ${JSON.stringify(text)} for ${name}`);
	return value;
}

function timeOf(text: string): number {
	try {
		return parseTime(text);
	} catch {
		throw badRequest(`invalid value ${JSON.stringify(text)} for sinceTime`);
	}
}
