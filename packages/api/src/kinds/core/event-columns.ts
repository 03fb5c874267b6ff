/** What `kubectl get events` shows. Unlike others the row is named at its end, and only with -o wide. */
import type { Column } from "../../machinery/kind.ts";
import { since } from "../columns.ts";
import type { Event } from "./event.ts";

export const eventColumns: readonly Column<Event>[] = [
	text("Last Seen", "When it happened last.", lastSeen),
	text("Type", "Normal or Warning.", (event) => event.type ?? ""),
	text("Reason", "What happened, in one word.", (event) => event.reason ?? ""),
	text("Object", "What it happened to.", objectText),
	wide("Subobject", "Which part of the object.", (event) => event.involvedObject.fieldPath ?? ""),
	wide("Source", "Who tells it.", sourceText),
	text("Message", "What happened, in a sentence.", (event) => (event.message ?? "").trim()),
	wide("First Seen", "When it happened first.", firstSeen),
	{
		name: "Count",
		type: "string",
		priority: 1,
		description: "How often it happened.",
		value: (event) => (event.series ? (event.series.count ?? 0) : event.count || 1),
	},
	{
		name: "Name",
		type: "string",
		format: "name",
		priority: 1,
		description: "Name of the event.",
		value: (event) => event.metadata.name,
	},
];

function text(name: string, description: string, value: Column<Event>["value"]): Column<Event> {
	return { name, type: "string", description, value };
}

function wide(name: string, description: string, value: Column<Event>["value"]): Column<Event> {
	return { ...text(name, description, value), priority: 1 };
}

function firstSeen(event: Event, now: number): string {
	return since(event.firstTimestamp || event.eventTime, now);
}

function lastSeen(event: Event, now: number): string {
	if (event.series) return since(event.series.lastObservedTime, now);
	return event.lastTimestamp ? since(event.lastTimestamp, now) : firstSeen(event, now);
}

function objectText({ involvedObject }: Event): string {
	const kind = (involvedObject.kind ?? "").toLowerCase();
	return involvedObject.name ? `${kind}/${involvedObject.name}` : kind;
}

function sourceText({ source, reportingComponent, reportingInstance }: Event): string {
	const [component, host] = source?.component
		? [source.component, source.host]
		: [reportingComponent ?? "", reportingInstance];
	return host ? `${component}, ${host}` : component;
}
