/** Validation of events: an event lives beside what it is about. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { qualifiedNameErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";
import type { Event } from "./event.ts";

/** Where events about objects without a namespace go. */
const HOME = "default";

export function validateEvent(event: Event): FieldError[] {
	const about = event.involvedObject?.namespace ?? "";
	const namespace = event.metadata.namespace ?? "";
	const isBeside = about === "" ? namespace === HOME || namespace === "kube-system" : about === namespace;
	return [
		...(isBeside ? [] : [invalidValue("involvedObject.namespace", about, "does not match event.namespace")]),
		...(event.eventTime ? reporterErrors(event) : []),
	];
}

const MAX_SHORT = 128;
const MAX_NOTE = 1024;

/** Events with a precise time say who reports them and why. */
function reporterErrors(event: Event): FieldError[] {
	const { reportingComponent = "", reportingInstance = "", action = "", reason = "", message = "" } = event;
	return [
		...(reportingComponent
			? invalids("reportingController", reportingComponent, qualifiedNameErrors(reportingComponent))
			: [required("reportingController")]),
		...shortText("reportingInstance", reportingInstance),
		...shortText("action", action),
		...shortText("reason", reason),
		...(message.length > MAX_NOTE
			? [invalidValue("message", "", `can have at most ${MAX_NOTE} characters`)]
			: []),
	];
}

function shortText(field: string, text: string): FieldError[] {
	if (!text) return [required(field)];
	return text.length > MAX_SHORT ? [invalidValue(field, "", `can have at most ${MAX_SHORT} characters`)] : [];
}
