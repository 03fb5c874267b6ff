import { type Status, StatusError } from "@berth/api";

/** Reasons of failures that come without a Status: from a proxy on the way, or a server out of its depth. */
const REASONS: Readonly<Record<number, string>> = {
	400: "BadRequest",
	401: "Unauthorized",
	403: "Forbidden",
	404: "NotFound",
	405: "MethodNotAllowed",
	406: "NotAcceptable",
	409: "Conflict",
	410: "Gone",
	413: "RequestEntityTooLarge",
	415: "UnsupportedMediaType",
	422: "Invalid",
	429: "TooManyRequests",
	500: "InternalError",
	503: "ServiceUnavailable",
	504: "Timeout",
};

/** The error a failed response means; `body` is whatever came with it. */
export function responseError(code: number, body: string): StatusError {
	const status = statusIn(body);
	if (status) return new StatusError({ ...status, code: status.code ?? code });
	return new StatusError({
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Failure",
		reason: REASONS[code] ?? (code < 500 ? "BadRequest" : "InternalError"),
		message: body.trim().slice(0, 1_024) || `the server answered ${code}`,
		code,
	});
}

function statusIn(body: string): Status | undefined {
	try {
		const value: unknown = JSON.parse(body);
		if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== "Status")
			return undefined;
		return value as Status;
	} catch {
		return undefined;
	}
}
