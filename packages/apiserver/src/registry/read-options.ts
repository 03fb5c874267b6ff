/** Options of list and watch, from the query. Validation and texts follow the real server's. */
import { badRequest, type FieldError, forbiddenField, notSupported } from "@berth/api";
import { refuseOptions } from "./write-options.ts";

export interface ListOptions {
	/** What the list must reflect: the newest state, any, at least or exactly a revision. */
	readonly at:
		| { readonly kind: "newest" }
		| { readonly kind: "any" }
		| { readonly kind: "notOlderThan"; readonly revision: number }
		| { readonly kind: "exact"; readonly revision: number };
	/** 0: no limit. */
	readonly limit: number;
	readonly continue: string;
}

export interface WatchOptions {
	/** Undefined: start with the newest state; 0: with any. */
	readonly revision: number | undefined;
	/** Send the present state first: `marked` ends it with a bookmark (streaming lists). */
	readonly initial: "none" | "plain" | "marked";
	readonly bookmarks: boolean;
	/** Undefined: the server chooses. */
	readonly timeoutSeconds: number | undefined;
}

const EXACT = "Exact";
const NOT_OLDER = "NotOlderThan";

export function listOptions(query: URLSearchParams): ListOptions {
	const revisionText = query.get("resourceVersion") ?? "";
	const match = query.get("resourceVersionMatch") ?? "";
	const token = query.get("continue") ?? "";
	const errors: FieldError[] = [];
	const forbid = (field: string, detail: string) => errors.push(forbiddenField(field, detail));
	if (match) {
		if (!revisionText) {
			forbid("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
		}
		if (token) forbid("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
		if (match !== EXACT && match !== NOT_OLDER) {
			errors.push(notSupported("resourceVersionMatch", match, [EXACT, NOT_OLDER, ""]));
		}
		if (match === EXACT && revisionText === "0") {
			forbid("resourceVersionMatch", 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
		}
	}
	if (query.has("sendInitialEvents")) forbid("sendInitialEvents", "sendInitialEvents is forbidden for list");
	refuseOptions("ListOptions", errors);
	const revision = parseRevision(revisionText);
	if (token && revision) throw badRequest("specifying resource version is not allowed when using continue");
	const limit = Math.max(0, parseInteger(query, "limit") ?? 0);
	// Whoever takes any state, as caches do when they begin, gets all of it at once.
	const whole = revision === 0 && !token;
	return { at: listPoint(revision, match, limit), limit: whole ? 0 : limit, continue: token };
}

/** A limit makes a revision exact, unless said otherwise: its pages must fit together. */
function listPoint(revision: number | undefined, match: string, limit: number): ListOptions["at"] {
	if (revision === undefined) return { kind: "newest" };
	if (revision === 0) return { kind: "any" };
	const exact = match === EXACT || (match === "" && limit > 0);
	return { kind: exact ? "exact" : "notOlderThan", revision };
}

export function watchOptions(query: URLSearchParams): WatchOptions {
	const match = query.get("resourceVersionMatch") ?? "";
	const initial = parseBoolean(query, "sendInitialEvents");
	const bookmarks = parseBoolean(query, "allowWatchBookmarks") ?? false;
	const errors: FieldError[] = [];
	if (initial !== undefined && match !== NOT_OLDER) {
		errors.push(
			forbiddenField(
				"resourceVersionMatch",
				`sendInitialEvents requires setting resourceVersionMatch to ${NOT_OLDER}`,
			),
		);
	}
	if (match) {
		if (initial === undefined) {
			const detail = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
			errors.push(forbiddenField("resourceVersionMatch", detail));
		}
		if (match !== NOT_OLDER) errors.push(notSupported("resourceVersionMatch", match, [NOT_OLDER]));
		if (query.get("continue")) {
			const detail = "resourceVersionMatch is forbidden when continue is provided";
			errors.push(forbiddenField("resourceVersionMatch", detail));
		}
	}
	refuseOptions("ListOptions", errors);
	const revision = parseRevision(query.get("resourceVersion"));
	const timeoutSeconds = parseInteger(query, "timeoutSeconds");
	return {
		revision,
		initial: initialKind(initial, revision, bookmarks),
		bookmarks,
		timeoutSeconds: timeoutSeconds && timeoutSeconds > 0 ? timeoutSeconds : undefined,
	};
}

function initialKind(
	asked: boolean | undefined,
	revision: number | undefined,
	bookmarks: boolean,
): WatchOptions["initial"] {
	if (asked === undefined) return revision ? "none" : "plain";
	if (!asked) return "none";
	return bookmarks ? "marked" : "plain";
}

/** Undefined for absent or empty. Throws 400 for anything that is no revision. */
export function parseRevision(text: string | null): number | undefined {
	if (!text) return undefined;
	const revision = Number(text);
	if (!/^\d+$/.test(text)) {
		throw badRequest(
			`resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
		);
	}
	if (!Number.isSafeInteger(revision)) {
		throw badRequest(
			`resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`,
		);
	}
	return revision;
}

export function parseInteger(query: URLSearchParams, name: string): number | undefined {
	const text = query.get(name);
	if (!text) return undefined;
	const value = Number(text);
	if (/^[-+]?\d+$/.test(text) && Number.isSafeInteger(value)) return value;
	throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** As Kubernetes reads booleans of a query: there, and neither `0` nor `false`. */
export function parseBoolean(query: URLSearchParams, name: string): boolean | undefined {
	const text = query.get(name);
	if (text === null) return undefined;
	return text !== "0" && text.toLowerCase() !== "false";
}
