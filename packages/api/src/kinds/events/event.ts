import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, microTime, object, ref, string, time } from "../../machinery/schema.ts";
import { Event, EventSource } from "../core/event.ts";
import { eventColumns } from "../core/event-columns.ts";
import { ObjectReference } from "../core/references.ts";
import { metadataField } from "../metadata-field.ts";
import { validateAnyEvent, validateNewEvent } from "./event-validation.ts";
import { eventOf, storedEvent } from "./stored-event.ts";

export const EventSeries = object(
	"events.v1.EventSeries",
	{
		count: int32({ required: true, pb: 1, doc: "How often it happened." }),
		lastObservedTime: microTime({ required: true, pb: 2, doc: "When it happened last." }),
	},
	"How often an event has come again.",
);
export interface EventSeries extends Infer<typeof EventSeries> {}

const EventsV1EventSchema = object(
	"events.v1.Event",
	{
		metadata: metadataField,
		eventTime: microTime({ required: true, nullable: true, pb: 2, doc: "When it happened first." }),
		series: ref(EventSeries, { pb: 3, nullable: true, doc: "How often and when last, while it goes on." }),
		reportingController: string({ pb: 4, doc: "Program that reports it, such as kubernetes.io/kubelet." }),
		reportingInstance: string({ pb: 5, doc: "Which one of these programs." }),
		action: string({ pb: 6, doc: "What was done or failed." }),
		reason: string({ pb: 7, doc: "Why, in one word." }),
		regarding: ref(ObjectReference, { pb: 8, doc: "What it happened to." }),
		related: ref(ObjectReference, { pb: 9, nullable: true, doc: "Another object that has to do with it." }),
		note: string({ pb: 10, doc: "What happened, in a sentence." }),
		type: string({ pb: 11, doc: "Normal or Warning." }),
		deprecatedSource: ref(EventSource, { pb: 12, doc: "As in the core group." }),
		deprecatedFirstTimestamp: time({ pb: 13, doc: "As in the core group." }),
		deprecatedLastTimestamp: time({ pb: 14, doc: "As in the core group." }),
		deprecatedCount: int32({ pb: 15, doc: "As in the core group." }),
	},
	"Something that happened to an object.",
);
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
	validate: validateAnyEvent,
	validateCreate: validateNewEvent,
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
