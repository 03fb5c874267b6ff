/** Validation of events of this group: stricter than of the core group's, and told in the core group's names. */
import { deepEqual } from "../../machinery/deep.ts";
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import type { Event } from "../core/event.ts";
import { validateEvent } from "../core/event-validation.ts";
import type { EventsV1Event } from "./event.ts";
import { storedEvent } from "./stored-event.ts";

const TYPES = ["Normal", "Warning"];
const UNSET = "needs to be unset";

export function validateNewEvent(event: EventsV1Event): FieldError[] {
	const stored = storedEvent(event);
	const { type = "", firstTimestamp, lastTimestamp, count, source } = stored;
	return [
		...validateEvent(stored),
		...(stored.eventTime ? [] : [required("eventTime")]),
		...(TYPES.includes(type) ? [] : [invalidValue("type", "", `has invalid value: ${type}`)]),
		...(firstTimestamp ? [invalidValue("firstTimestamp", "", UNSET)] : []),
		...(lastTimestamp ? [invalidValue("lastTimestamp", "", UNSET)] : []),
		...(count ? [invalidValue("count", "", UNSET)] : []),
		...(source?.component || source?.host ? [invalidValue("source", "", UNSET)] : []),
	];
}

const FIXED: readonly (readonly [keyof Event, string])[] = [
	["involvedObject", "involvedObject"],
	["reason", "reason"],
	["message", "message"],
	["source", "source"],
	["firstTimestamp", "firstTimestamp"],
	["lastTimestamp", "lastTimestamp"],
	["count", "count"],
	["reportingComponent", "reportingController"],
	["reportingInstance", "reportingInstance"],
	["type", "type"],
	["eventTime", "eventTime"],
	["action", "action"],
	["related", "related"],
];

/** Only the series goes on. */
export function validateChangedEvent(next: EventsV1Event, old: EventsV1Event): FieldError[] {
	const [after, before] = [storedEvent(next), storedEvent(old)];
	return FIXED.flatMap(([name, field]) =>
		isSame(after[name], before[name]) ? [] : [invalidValue(field, after[name], "field is immutable")],
	);
}

const isSame = (a: unknown, b: unknown) => (isUnset(a) ? isUnset(b) : deepEqual(a, b));
const isUnset = (value: unknown) => !value || (typeof value === "object" && Object.keys(value).length === 0);
