import { ConfigMap, Event, type KubeObject, Node, notFound, silentLogger } from "@berth/api";
import { createClient, createFakeServer } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createEventRecorder } from "./event-recorder.ts";

function setUp() {
	const server = createFakeServer();
	const clock = createFakeClock(Date.UTC(2026, 0, 1, 12));
	const stop = new AbortController();
	const events = createEventRecorder({
		client: createClient(server),
		clock,
		log: silentLogger,
		component: "tester",
		host: "host-1",
		signal: stop.signal,
	});
	return { server, clock, stop, events, written: () => server.objects<Event>(Event) };
}

const about = (name: string, namespace?: string): KubeObject => ({
	apiVersion: "v1",
	kind: namespace ? ConfigMap.kind : Node.kind,
	metadata: {
		name,
		uid: `uid-${name}`,
		resourceVersion: "7",
		creationTimestamp: "2026-01-01T00:00:00Z",
		...(namespace && { namespace }),
	},
});

test("an event says who, what, about whom, since when", async (t) => {
	const { clock, events, written } = setUp();
	events.warning(about("one", "web"), "Failed", "it did not work");
	await clock.advance(0);
	t.is(written().length, 1);
	t.like(written()[0], {
		type: "Warning",
		reason: "Failed",
		message: "it did not work",
		count: 1,
		firstTimestamp: "2026-01-01T12:00:00Z",
		lastTimestamp: "2026-01-01T12:00:00Z",
		source: { component: "tester", host: "host-1" },
		reportingComponent: "tester",
		involvedObject: { kind: "ConfigMap", apiVersion: "v1", namespace: "web", name: "one", uid: "uid-one" },
	});
	t.like(written()[0]?.metadata, { namespace: "web" });
	t.regex(written()[0]?.metadata.name ?? "", /^one\.[0-9a-f]{16}$/);
});

test("an event may be about a part of its object, and each part has its own", async (t) => {
	const { clock, events, written } = setUp();
	for (const part of ["spec.containers{a}", "spec.containers{b}", "spec.containers{a}"]) {
		events.normal(about("one", "web"), "Pulled", "it is here", part);
	}
	await clock.advance(0);
	t.deepEqual(
		written().map(({ involvedObject, count }) => [involvedObject.fieldPath, count]),
		[
			["spec.containers{a}", 2],
			["spec.containers{b}", 1],
		],
	);
});

test("about what has no namespace: in default", async (t) => {
	const { clock, events, written } = setUp();
	events.normal(about("host-1"), "Ready", "is ready");
	await clock.advance(0);
	t.is(written()[0]?.metadata.namespace, "default");
	t.is(written()[0]?.involvedObject.namespace, undefined);
});

test("repeats are counted on one event, also while it is being written", async (t) => {
	const { server, clock, events, written } = setUp();
	const say = () => events.normal(about("one", "web"), "Pulled", "image is there");
	say();
	say();
	await clock.advance(120_000);
	say();
	await clock.advance(0);
	t.is(written().length, 1);
	t.like(written()[0], {
		count: 3,
		firstTimestamp: "2026-01-01T12:00:00Z",
		lastTimestamp: "2026-01-01T12:02:00Z",
	});
	t.true(server.calls.length <= 3);
	events.normal(about("one", "web"), "Pulled", "another image is there");
	await clock.advance(0);
	t.is(written().length, 2);
});

test("what varies without end is folded into one event", async (t) => {
	const { clock, events, written } = setUp();
	for (let index = 0; index < 20; index++) {
		events.normal(about("one", "web"), "Probe", `answer ${index}`);
		await clock.advance(0);
	}
	t.is(written().length, 11);
	const folded = written().find(({ message }) => message?.startsWith("(combined from similar events): "));
	t.like(folded, { count: 10, message: "(combined from similar events): answer 19" });
});

test("an object that has too much to say is cut off, and heard again later; others are not concerned", async (t) => {
	const { clock, events, written } = setUp();
	for (let index = 0; index < 100; index++) events.normal(about("one", "web"), `Reason${index}`, "x");
	events.normal(about("two", "web"), "Reason", "x");
	await clock.advance(0);
	t.is(written().length, 26);
	await clock.advance(300_000);
	events.normal(about("one", "web"), "Later", "x");
	await clock.advance(0);
	t.is(written().length, 27);
});

test("an event the server has let expire begins anew", async (t) => {
	const { server, clock, events, written } = setUp();
	const say = () => events.normal(about("one", "web"), "Pulled", "x");
	say();
	await clock.advance(0);
	const [first] = written();
	server.failNext(notFound({ resource: "events" }, "x"), { match: ({ method }) => method === "PATCH" });
	say();
	await clock.advance(0);
	t.is(written().length, 2);
	t.is(written().find(({ metadata }) => metadata.name !== first?.metadata.name)?.count, 2);
});

test("a broken road is tried again a few times; refusals are not; nothing is ever thrown", async (t) => {
	const { server, clock, stop, events, written } = setUp();
	server.failNext(new Error("the road broke"), { times: 2 });
	events.normal(about("one", "web"), "A", "x");
	await clock.advance(10_000);
	t.is(written().length, 1);

	server.failNext(notFound({ resource: "namespaces" }, "web"));
	events.normal(about("one", "web"), "B", "x");
	await clock.advance(10_000);
	t.is(written().length, 1);

	server.failNext(new Error("the road broke"), { times: 100 });
	events.normal(about("one", "web"), "C", "x");
	await clock.advance(100_000);
	t.is(clock.pending, 0);
	const calls = server.calls.length;
	t.true(calls < 12, `${calls} calls`);

	t.notThrows(() => events.normal({} as KubeObject, "D", "x"));
	events.normal(about("one", "web"), "E", "x");
	await clock.advance(0);
	stop.abort();
	await clock.advance(0);
	t.is(clock.pending, 0);
});
