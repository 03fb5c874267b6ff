/**
 * Validation of events of this group: new ones are held to more than those of the core group, and it is told in the core
 * group's names. Any field may change later, as clients expect: the API reference's "only the series" was never enforced.
 */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { validateEvent } from "../core/event-validation.ts";
import type { EventsV1Event } from "./event.ts";
import { storedEvent } from "./stored-event.ts";

const TYPES = ["Normal", "Warning"];
const UNSET = "needs to be unset";

export const validateAnyEvent = (event: EventsV1Event): FieldError[] => validateEvent(storedEvent(event));

export function validateNewEvent(event: EventsV1Event): FieldError[] {
	const { eventTime, type = "", firstTimestamp, lastTimestamp, count, source } = storedEvent(event);
	return [
		...(eventTime ? [] : [required("eventTime")]),
		...(TYPES.includes(type) ? [] : [invalidValue("type", "", `has invalid value: ${type}`)]),
		...(firstTimestamp ? [invalidValue("firstTimestamp", "", UNSET)] : []),
		...(lastTimestamp ? [invalidValue("lastTimestamp", "", UNSET)] : []),
		...(count ? [invalidValue("count", "", UNSET)] : []),
		...(source?.component || source?.host ? [invalidValue("source", "", UNSET)] : []),
	];
}
