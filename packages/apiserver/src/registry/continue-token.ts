/**
 * Where the next page of a list starts. Tokens come back from clients, so they are trusted with nothing: a token can only
 * say a position and a revision, within the list that it is sent to.
 */
import { badRequest, expired, StatusError } from "@berth/api";

export interface Continue {
	/** Revision of the first page; -1: whatever is newest (after the old one was compacted). */
	readonly revision: number;
	/** The first key that may be in the next page. */
	readonly start: string;
}

const VERSION = "meta.k8s.io/v1";
export const NEWEST = -1;

export function encodeContinue({ revision, start }: Continue): string {
	return Buffer.from(JSON.stringify({ v: VERSION, rv: revision, start })).toString("base64url");
}

/** Throws 400 for anything that `encodeContinue` has not made. */
export function decodeContinue(token: string): Continue {
	const refuse = (detail: string) => badRequest(`invalid continue token: continue key is not valid${detail}`);
	if (!/^[A-Za-z0-9_-]+$/.test(token)) throw refuse(": illegal base64 data");
	let value: unknown;
	try {
		value = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
	} catch {
		throw refuse(": no JSON");
	}
	const { v, rv, start } = (value ?? {}) as { v?: unknown; rv?: unknown; start?: unknown };
	if (v !== VERSION)
		throw refuse(`: server does not recognize this encoded version ${JSON.stringify(v) ?? ""}`);
	if (typeof rv !== "number" || !Number.isSafeInteger(rv) || rv < NEWEST || rv === 0) {
		throw refuse(`: incorrect encoded start resourceVersion (version ${VERSION})`);
	}
	if (typeof start !== "string" || start === "") {
		throw refuse(`: encoded start key empty (version ${VERSION})`);
	}
	if (start.split("/").some((part) => part === "" || part === "." || part === "..")) {
		throw refuse(`: ${start}`);
	}
	return { revision: rv, start };
}

/** The list that the token belongs to is forgotten; `metadata.continue` goes on in the newest one instead. */
export function expiredContinue(start: string): StatusError {
	const error = expired(
		"The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
			"the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
			"Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
			"deleted between the time the first chunk was returned and now may show up in the list.",
	);
	return new StatusError({
		...error.status,
		metadata: { continue: encodeContinue({ revision: NEWEST, start }) },
	});
}
