/**
 * The one error class. Domain code throws `notFound(…)` and its siblings; only the HTTP border (and the in-process
 * transport) turns a StatusError into a Status, and anything else into a 500 without detail.
 * Reasons, codes and texts: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
import type { FieldError } from "./field-error.ts";
import type { Status, StatusCause, StatusDetails } from "./meta.ts";

/** The kind or resource an error is about: `{group: "apps", resource: "deployments"}`. */
export interface About {
	readonly group?: string | undefined;
	/** Plural resource (most errors) or kind (`Invalid`). */
	readonly resource: string;
}

export class StatusError extends Error {
	override readonly name = "StatusError";
	readonly status: Status;
	readonly code: number;
	readonly reason: string;

	constructor(status: Status) {
		super(status.message);
		this.status = status;
		this.code = status.code ?? 500;
		this.reason = status.reason ?? "InternalError";
	}
}

function failure(code: number, reason: string, message: string, details?: StatusDetails): StatusError {
	return new StatusError({
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Failure",
		message,
		reason,
		...(details ? { details } : {}),
		code,
	});
}

const qualified = (about: About) => (about.group ? `${about.resource}.${about.group}` : about.resource);
const detailsOf = (about: About, name?: string): StatusDetails => ({
	...(name ? { name } : {}),
	...(about.group ? { group: about.group } : {}),
	kind: about.resource,
});

export const badRequest = (message: string) => failure(400, "BadRequest", message);
export const unauthorized = (message = "Unauthorized") => failure(401, "Unauthorized", message);

/** `message` is the reason only: "User "x" cannot get resource …". */
export const forbidden = (about: About, name: string, message: string) =>
	failure(
		403,
		"Forbidden",
		`${qualified(about)}${name ? ` ${JSON.stringify(name)}` : ""} is forbidden: ${message}`,
		detailsOf(about, name),
	);

export const notFound = (about: About, name: string) =>
	failure(404, "NotFound", `${qualified(about)} ${JSON.stringify(name)} not found`, detailsOf(about, name));

/** No such path or resource: what the real server answers before it knows what is asked for. */
export const noSuchResource = () =>
	failure(404, "NotFound", "the server could not find the requested resource", {});

export const methodNotAllowed = (about: About, verb: string) =>
	failure(
		405,
		"MethodNotAllowed",
		`${verb} is not supported on resources of kind ${JSON.stringify(qualified(about))}`,
		detailsOf(about),
	);

export const notAcceptable = (accepted: readonly string[]) =>
	failure(406, "NotAcceptable", `only the following media types are accepted: ${accepted.join(", ")}`);

export const alreadyExists = (about: About, name: string) =>
	failure(
		409,
		"AlreadyExists",
		`${qualified(about)} ${JSON.stringify(name)} already exists`,
		detailsOf(about, name),
	);

export const conflict = (about: About, name: string, message: string) =>
	failure(
		409,
		"Conflict",
		`Operation cannot be fulfilled on ${qualified(about)} ${JSON.stringify(name)}: ${message}`,
		detailsOf(about, name),
	);

export const modified = (about: About, name: string) =>
	conflict(
		about,
		name,
		"the object has been modified; please apply your changes to the latest version and try again",
	);

/** A configuration that speaks of fields which others own; a cause for each of them. */
export const applyConflict = (message: string, causes: readonly StatusCause[]) =>
	failure(409, "Conflict", message, { causes });

export const gone = (message: string) => failure(410, "Gone", message);
export const expired = (message: string) => failure(410, "Expired", message);
export const tooLarge = (message: string) => failure(413, "RequestEntityTooLarge", message);
export const unsupportedMediaType = (accepted: readonly string[], got: string) =>
	failure(
		415,
		"UnsupportedMediaType",
		`the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}${got ? ` (got ${got})` : ""}`,
	);

/** `about.resource` is the kind here ("Pod"): that is what clients print. */
export function invalid(about: About, name: string, errors: readonly FieldError[]): StatusError {
	const texts = errors.map((error) => `${error.field}: ${error.message}`);
	const joined = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
	return failure(422, "Invalid", `${qualified(about)} ${JSON.stringify(name)} is invalid: ${joined}`, {
		...detailsOf(about, name),
		causes: errors.map((error) => ({ reason: error.type, message: error.message, field: error.field })),
	});
}

/** A well-formed request that cannot be carried out, such as a patch that does not fit its object. */
export const unprocessable = (detail: string) =>
	failure(422, "Invalid", `the server rejected our request due to an error in our request: ${detail}`, {});

export const tooManyRequests = (
	message: string,
	retryAfterSeconds: number,
	causes: readonly StatusCause[] = [],
) =>
	failure(429, "TooManyRequests", message, {
		...(retryAfterSeconds ? { retryAfterSeconds } : {}),
		...(causes.length ? { causes } : {}),
	});
export const internalError = (message: string) =>
	failure(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
export const serviceUnavailable = (message: string) => failure(503, "ServiceUnavailable", message);
export const timeout = (message: string) => failure(504, "Timeout", `Timeout: ${message}`);

export const hasReason = (error: unknown, ...reasons: string[]): error is StatusError =>
	error instanceof StatusError && reasons.includes(error.reason);
export const isNotFound = (error: unknown) => hasReason(error, "NotFound");
export const isConflict = (error: unknown) => hasReason(error, "Conflict");
export const isAlreadyExists = (error: unknown) => hasReason(error, "AlreadyExists");
/** Nothing can be created there any more: the namespace is going away. */
export const isNamespaceTerminating = (error: unknown) =>
	hasReason(error, "Forbidden") &&
	(error.status.details?.causes ?? []).some(({ reason }) => reason === NAMESPACE_TERMINATING);
/** The cause by which admission says so. */
export const NAMESPACE_TERMINATING = "NamespaceTerminating";
/** The resourceVersion asked for is no longer in history: list again. */
export const isExpired = (error: unknown) => hasReason(error, "Expired", "Gone");
