import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, microTime, object, ref, string, time } from "../../machinery/schema.ts";
import { Event, EventSource } from "../core/event.ts";
import { eventColumns } from "../core/event-columns.ts";
import { ObjectReference } from "../core/references.ts";
import { metadataField } from "../metadata-field.ts";
import { validateChangedEvent, validateNewEvent } from "./event-validation.ts";
import { eventOf, storedEvent } from "./stored-event.ts";

export const EventSeries = object("events.v1.EventSeries", {
	count: int32({ required: true, pb: 1 }),
	lastObservedTime: microTime({ required: true, pb: 2 }),
});
export interface EventSeries extends Infer<typeof EventSeries> {}

const EventsV1EventSchema = object("events.v1.Event", {
	metadata: metadataField,
	eventTime: microTime({ required: true, nullable: true, pb: 2 }),
	series: ref(EventSeries, { pb: 3, nullable: true }),
	reportingController: string({ pb: 4 }),
	reportingInstance: string({ pb: 5 }),
	action: string({ pb: 6 }),
	reason: string({ pb: 7 }),
	regarding: ref(ObjectReference, { pb: 8 }),
	related: ref(ObjectReference, { pb: 9, nullable: true }),
	note: string({ pb: 10 }),
	type: string({ pb: 11 }),
	deprecatedSource: ref(EventSource, { pb: 12 }),
	deprecatedFirstTimestamp: time({ pb: 13 }),
	deprecatedLastTimestamp: time({ pb: 14 }),
	deprecatedCount: int32({ pb: 15 }),
});
export interface EventsV1Event extends KubeObject, Omit<Infer<typeof EventsV1EventSchema>, "metadata"> {}

export const EventsV1Event = defineKind<EventsV1Event>({
	group: "events.k8s.io",
	version: "v1",
	kind: "Event",
	plural: "events",
	shortNames: ["ev"],
	scope: "Namespaced",
	schema: EventsV1EventSchema,
	columns: eventColumns.map((column) => ({
		...column,
		value: (event: EventsV1Event, now: number) => column.value(storedEvent(event), now),
	})),
	stored: {
		kind: Event,
		read: (stored) => eventOf(stored as Event),
		write: storedEvent,
	},
	validateCreate: validateNewEvent,
	validateUpdate: validateChangedEvent,
	selectableFields: {
		"regarding.kind": ({ regarding }) => regarding?.kind ?? "",
		"regarding.namespace": ({ regarding }) => regarding?.namespace ?? "",
		"regarding.name": ({ regarding }) => regarding?.name ?? "",
		"regarding.uid": ({ regarding }) => regarding?.uid ?? "",
		"regarding.apiVersion": ({ regarding }) => regarding?.apiVersion ?? "",
		"regarding.resourceVersion": ({ regarding }) => regarding?.resourceVersion ?? "",
		"regarding.fieldPath": ({ regarding }) => regarding?.fieldPath ?? "",
		reason: ({ reason }) => reason ?? "",
		reportingController: ({ reportingController }) => reportingController ?? "",
		type: ({ type }) => type ?? "",
	},
});
