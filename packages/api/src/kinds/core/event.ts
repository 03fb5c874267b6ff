import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, int32, microTime, object, ref, string, time } from "../../machinery/schema.ts";
import { eventColumns } from "./event-columns.ts";
import { validateEvent } from "./event-validation.ts";
import { ObjectReference } from "./references.ts";

export const EventSource = object(
	"core.v1.EventSource",
	{
		component: string({ pb: 1, doc: "Program that reports it." }),
		host: string({ pb: 2, doc: "Node that it runs on." }),
	},
	"Who reported an event.",
);
export interface EventSource extends Infer<typeof EventSource> {}

export const EventSeries = object(
	"core.v1.EventSeries",
	{
		count: int32({ pb: 1, doc: "How often it happened." }),
		lastObservedTime: microTime({ pb: 2, doc: "When it happened last." }),
	},
	"How often an event has come again.",
);
export interface EventSeries extends Infer<typeof EventSeries> {}

const EventSchema = object(
	"core.v1.Event",
	{
		metadata: ref(ObjectMetaSchema, {
			required: true,
			pb: 1,
			doc: "Name, labels, owners and the rest that every object has.",
		}),
		involvedObject: ref(ObjectReference, { required: true, pb: 2, doc: "What it happened to." }),
		reason: string({ pb: 3, doc: "What happened, in one word." }),
		message: string({ pb: 4, doc: "What happened, in a sentence." }),
		source: ref(EventSource, { pb: 5, doc: "Who reports it." }),
		firstTimestamp: time({ pb: 6, doc: "When it happened first." }),
		lastTimestamp: time({ pb: 7, doc: "When it happened last." }),
		count: int32({ pb: 8, doc: "How often it happened." }),
		type: string({ pb: 9, doc: "Normal or Warning." }),
		eventTime: microTime({ pb: 10, doc: "When it happened." }),
		series: ref(EventSeries, { pb: 11, nullable: true, doc: "How often and when last, while it goes on." }),
		action: string({ pb: 12, doc: "What was done about it." }),
		related: ref(ObjectReference, { pb: 13, nullable: true, doc: "Another object that has to do with it." }),
		reportingComponent: string({ pb: 14, doc: "Program that reports it." }),
		reportingInstance: string({ pb: 15, doc: "Which one of these programs." }),
	},
	"Something that happened to an object.",
);
export interface Event extends KubeObject, Omit<Infer<typeof EventSchema>, "metadata"> {}

export const Event = defineKind<Event>({
	group: "",
	version: "v1",
	kind: "Event",
	plural: "events",
	shortNames: ["ev"],
	scope: "Namespaced",
	schema: EventSchema,
	columns: eventColumns,
	validate: validateEvent,
	selectableFields: {
		"involvedObject.kind": ({ involvedObject }) => involvedObject.kind ?? "",
		"involvedObject.namespace": ({ involvedObject }) => involvedObject.namespace ?? "",
		"involvedObject.name": ({ involvedObject }) => involvedObject.name ?? "",
		"involvedObject.uid": ({ involvedObject }) => involvedObject.uid ?? "",
		"involvedObject.apiVersion": ({ involvedObject }) => involvedObject.apiVersion ?? "",
		"involvedObject.resourceVersion": ({ involvedObject }) => involvedObject.resourceVersion ?? "",
		"involvedObject.fieldPath": ({ involvedObject }) => involvedObject.fieldPath ?? "",
		reason: ({ reason }) => reason ?? "",
		reportingComponent: ({ reportingComponent }) => reportingComponent ?? "",
		source: ({ source, reportingComponent }) => source?.component || reportingComponent || "",
		type: ({ type }) => type ?? "",
	},
});
