/** Events of this group are kept as those of the core group: one object, two sets of names. */
import type { Event } from "../core/event.ts";
import type { EventsV1Event } from "./event.ts";

export function eventOf(stored: Event): EventsV1Event {
	const {
		involvedObject: regarding,
		message: note,
		source: deprecatedSource,
		firstTimestamp: deprecatedFirstTimestamp,
		lastTimestamp: deprecatedLastTimestamp,
		count: deprecatedCount,
		reportingComponent: reportingController,
		series,
		...same
	} = stored;
	return compact({
		...same,
		apiVersion: "events.k8s.io/v1",
		regarding,
		note,
		deprecatedSource,
		deprecatedFirstTimestamp,
		deprecatedLastTimestamp,
		deprecatedCount,
		reportingController,
		series: series && { count: series.count ?? 0, lastObservedTime: series.lastObservedTime ?? "" },
		// An event that has no precise time says so with null.
		eventTime: stored.eventTime ?? null,
	}) as EventsV1Event;
}

export function storedEvent(event: EventsV1Event): Event {
	const {
		regarding,
		note: message,
		deprecatedSource: source,
		deprecatedFirstTimestamp: firstTimestamp,
		deprecatedLastTimestamp: lastTimestamp,
		deprecatedCount: count,
		reportingController: reportingComponent,
		eventTime,
		...same
	} = event;
	return compact({
		...same,
		apiVersion: "v1",
		involvedObject: regarding ?? {},
		message,
		source,
		firstTimestamp,
		lastTimestamp,
		count,
		reportingComponent,
		eventTime: eventTime ?? undefined,
	});
}

/** Without the fields that are not set. */
const compact = <T extends object>(value: T): T =>
	Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
