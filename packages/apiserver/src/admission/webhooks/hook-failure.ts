/** What becomes of a request when a webhook refuses it, or cannot be asked. */
import { badRequest, internalError, type Status, StatusError } from "@berth/api";
import type { Hook } from "./hooks.ts";
import type { Verdict } from "./review.ts";

/** A webhook could not be asked, or has answered nonsense: its failurePolicy decides. */
export class HookFailure extends Error {
	override readonly name = "HookFailure";
}

export const failedCalling = ({ name }: Hook, failure: Error): StatusError =>
	internalError(`failed calling webhook ${JSON.stringify(name)}: ${failure.message}`);

export const noDryRuns = ({ name }: Hook): StatusError =>
	badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);

/** In the webhook's own words, if it has any; a code that means success is not believed. */
export function deniedBy(
	{ name }: Hook,
	{ code = 0, reason, message, details }: Verdict["status"],
): StatusError {
	const denied = `admission webhook ${JSON.stringify(name)} denied the request`;
	const why = message || reason;
	const status: Status = {
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Failure",
		message: why ? `${denied}: ${why}` : `${denied} without explanation`,
		...(reason ? { reason } : {}),
		...(details ? { details } : {}),
		code: Number.isInteger(code) && code >= 400 && code <= 599 ? code : 400,
	};
	return new StatusError(status);
}
