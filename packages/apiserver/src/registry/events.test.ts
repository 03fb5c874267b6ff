/** Events of both groups are one collection. */
import { Event, EventsV1Event } from "@berth/api";
import test from "ava";
import { inShort, itemsOf, openRegistry, take, watchOf } from "./testing/open-registry.ts";

const MERGE = "application/merge-patch+json";
const precise = {
	metadata: { name: "new" },
	eventTime: "2026-01-02T03:04:05.000000Z",
	regarding: { kind: "Pod", namespace: "default", name: "web" },
	reason: "Started",
	note: "Started it.",
	type: "Normal",
	action: "Starting",
	reportingController: "example.com/agent",
	reportingInstance: "agent-1",
};

test("what one group writes the other reads", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", EventsV1Event, { body: precise });
	const old = await api.value<Event>("get", Event, { name: "new" });
	t.is(old.message, "Started it.");
	t.is(old.involvedObject.name, "web");
	t.is(old.reportingComponent, "example.com/agent");
	await api.ask("create", Event, {
		body: {
			metadata: { name: "old" },
			involvedObject: { kind: "Pod", namespace: "default", name: "web" },
			message: "Pulled.",
			source: { component: "kubelet" },
			count: 3,
			firstTimestamp: "2026-01-02T03:04:05Z",
			lastTimestamp: "2026-01-02T03:04:06Z",
			type: "Normal",
		},
	});
	const shown = await api.value<EventsV1Event>("get", EventsV1Event, { name: "old" });
	t.is(shown.apiVersion, "events.k8s.io/v1");
	t.deepEqual(
		[shown.note, shown.deprecatedCount, shown.deprecatedSource, shown.eventTime],
		["Pulled.", 3, { component: "kubelet" }, null],
	);
	const series = { count: 2, lastObservedTime: "2026-01-02T03:05:05.000000Z" };
	const repeated = await api.value<EventsV1Event>("patch", EventsV1Event, {
		name: "new",
		contentType: MERGE,
		body: { series },
	});
	t.deepEqual(repeated.series, series);
	t.deepEqual((await api.value<Event>("get", Event, { name: "new" })).series, series);
	const query = { fieldSelector: "regarding.name=web,reportingController=example.com/agent" };
	const found = itemsOf(await api.ask("list", EventsV1Event, { query }));
	t.deepEqual(
		found.map(({ metadata }) => metadata.name),
		["new"],
	);
});

test("both groups' watches tell of every event", async (t) => {
	await using api = await openRegistry();
	const watches = await Promise.all(
		[Event, EventsV1Event].map(async (kind) => watchOf(await api.ask("watch", kind))),
	);
	await api.ask("create", EventsV1Event, { body: precise });
	for (const watch of watches) t.deepEqual((await take(watch, 1)).map(inShort), ["ADDED new"]);
});

test("the new group is strict", async (t) => {
	await using api = await openRegistry();
	const { message } = await api.failure("create", EventsV1Event, {
		body: { ...precise, eventTime: null, type: "Odd", deprecatedCount: 3, note: "x".repeat(1025) },
	});
	for (const part of [
		"eventTime: Required value",
		'type: Invalid value: "": has invalid value: Odd',
		'count: Invalid value: "": needs to be unset',
	]) {
		t.true(message.includes(part), `${part} in ${message}`);
	}
	await api.ask("create", EventsV1Event, { body: precise });
	const patch = (body: object) => ({ name: "new", contentType: MERGE, body });
	await api.ask("patch", EventsV1Event, patch({ note: "other" }));
	const changed = await api.failure("patch", EventsV1Event, patch({ action: "" }));
	t.regex(changed.message, /action: Required value/);
});
