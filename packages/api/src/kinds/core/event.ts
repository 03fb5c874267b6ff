import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, int32, microTime, object, ref, string, time } from "../../machinery/schema.ts";
import { eventColumns } from "./event-columns.ts";
import { validateEvent } from "./event-validation.ts";
import { ObjectReference } from "./references.ts";

export const EventSource = object("core.v1.EventSource", {
	component: string({ pb: 1 }),
	host: string({ pb: 2 }),
});
export interface EventSource extends Infer<typeof EventSource> {}

export const EventSeries = object("core.v1.EventSeries", {
	count: int32({ pb: 1 }),
	lastObservedTime: microTime({ pb: 2 }),
});
export interface EventSeries extends Infer<typeof EventSeries> {}

const EventSchema = object("core.v1.Event", {
	metadata: ref(ObjectMetaSchema, { required: true, pb: 1 }),
	involvedObject: ref(ObjectReference, { required: true, pb: 2 }),
	reason: string({ pb: 3 }),
	message: string({ pb: 4 }),
	source: ref(EventSource, { pb: 5 }),
	firstTimestamp: time({ pb: 6 }),
	lastTimestamp: time({ pb: 7 }),
	count: int32({ pb: 8 }),
	type: string({ pb: 9 }),
	eventTime: microTime({ pb: 10 }),
	series: ref(EventSeries, { pb: 11, nullable: true }),
	action: string({ pb: 12 }),
	related: ref(ObjectReference, { pb: 13, nullable: true }),
	reportingComponent: string({ pb: 14 }),
	reportingInstance: string({ pb: 15 }),
});
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
