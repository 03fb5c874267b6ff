import test from "ava";
import { refusals, row, sampleMeta } from "../testing/samples.ts";
import { Event } from "./event.ts";

const event = (extra: Partial<Event> = {}): Event => ({
	apiVersion: "v1",
	kind: "Event",
	metadata: sampleMeta("web.1"),
	involvedObject: { kind: "Pod", namespace: "default", name: "web", fieldPath: "spec.containers{web}" },
	reason: "BackOff",
	message: " Back-off restarting ",
	type: "Warning",
	source: { component: "kubelet", host: "host-1" },
	firstTimestamp: "2026-01-02T11:50:00Z",
	lastTimestamp: "2026-01-02T11:59:57Z",
	count: 7,
	...extra,
});

test("prints", (t) => {
	t.deepEqual(row(Event, event()), {
		"Last Seen": "3s",
		Type: "Warning",
		Reason: "BackOff",
		Object: "pod/web",
		Subobject: "spec.containers{web}",
		Source: "kubelet, host-1",
		Message: "Back-off restarting",
		"First Seen": "10m",
		Count: 7,
		Name: "web.1",
	});
	t.deepEqual(
		Event.columns.filter(({ priority }) => !priority).map(({ name }) => name),
		["Last Seen", "Type", "Reason", "Object", "Message"],
	);
});

test("prints newer forms", (t) => {
	const modern = event({
		source: {},
		firstTimestamp: undefined,
		lastTimestamp: undefined,
		count: undefined,
		eventTime: "2026-01-02T11:58:00.000000Z",
		reportingComponent: "scheduler",
	});
	t.is(row(Event, modern)["Last Seen"], "2m");
	t.is(row(Event, modern).Source, "scheduler");
	t.is(row(Event, modern).Count, 1);
	const series = event({ series: { count: 4, lastObservedTime: "2026-01-02T11:59:00.000000Z" } });
	t.is(row(Event, series)["Last Seen"], "60s");
	t.is(row(Event, series).Count, 4);
});

test("an event lives beside its object", (t) => {
	t.deepEqual(refusals(Event, event()), []);
	t.deepEqual(refusals(Event, event({ involvedObject: { kind: "Node", name: "host-1" } })), []);
	t.deepEqual(refusals(Event, event({ involvedObject: { kind: "Pod", namespace: "other" } })), [
		'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
	]);
	t.deepEqual(refusals(Event, event({ eventTime: "2026-01-02T11:58:00.000000Z" })), [
		"reportingController: Required value",
		"reportingInstance: Required value",
		"action: Required value",
	]);
});

test("selects by what it is about", (t) => {
	const selected = Object.entries(Event.selectableFields ?? {}).map(([path, value]) => [
		path,
		value(event()),
	]);
	t.deepEqual(Object.fromEntries(selected), {
		"involvedObject.kind": "Pod",
		"involvedObject.namespace": "default",
		"involvedObject.name": "web",
		"involvedObject.uid": "",
		"involvedObject.apiVersion": "",
		"involvedObject.resourceVersion": "",
		"involvedObject.fieldPath": "spec.containers{web}",
		reason: "BackOff",
		reportingComponent: "",
		source: "kubelet",
		type: "Warning",
	});
});
