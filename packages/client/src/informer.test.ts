import { ConfigMap, keyOf, silentLogger, timeout, tooManyRequests } from "@berth/api";
import { createFakeClock, type FakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { createClient } from "./create-client.ts";
import { createInformers } from "./create-informers.ts";
import { createFakeServer, type FakeServer } from "./fake-transport.ts";
import type { Change, Informer, Informers } from "./informer.ts";

const tier = (object: ConfigMap) => (object.metadata.labels?.tier ? [object.metadata.labels.tier] : []);

function setUp(options: Parameters<typeof createFakeServer>[0] = {}) {
	const server = createFakeServer(options);
	const client = createClient(server);
	const clock = createFakeClock();
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	return { server, client, clock, informers };
}

async function run(t: ExecutionContext, informers: Informers, clock: FakeClock) {
	const stop = new AbortController();
	const done = informers.start(stop.signal);
	t.teardown(async () => {
		stop.abort();
		await done;
		if (clock.pending > 0) throw new Error("a timer is left");
	});
	await clock.until(() => true);
	return stop;
}

/** Applies changes to a copy, as any listener would; a change that does not fit what came before is a fault. */
function replay(informer: Informer<ConfigMap>) {
	const copy = new Map<string, ConfigMap>();
	const faults: string[] = [];
	informer.subscribe(({ type, object, old }: Change<ConfigMap>) => {
		const key = keyOf(object);
		const known = copy.get(key);
		if (type === "added" ? known : !known)
			faults.push(`${type} of ${known ? "a known" : "an unknown"} ${key}`);
		if (type === "updated" && old !== known) faults.push(`update of ${key} from another state`);
		if (type !== "added" && known?.metadata.uid !== object.metadata.uid)
			faults.push(`${type} of another ${key}`);
		if (type === "deleted") copy.delete(key);
		else copy.set(key, object);
	});
	return { copy, faults };
}

const make = (name: string, labels = {}) => ({ metadata: { namespace: "default", name, labels } });

test("lists by streaming, then follows", async (t) => {
	const { server, client, clock, informers } = setUp();
	await client.create(ConfigMap, make("a"));
	const informer = informers.of(ConfigMap);
	const { copy } = replay(informer);
	t.false(informer.synced);
	await run(t, informers, clock);
	await informers.synced();
	t.true(informer.synced);
	t.deepEqual([...copy.keys()], ["default/a"]);
	t.true(Object.isFrozen(informer.get("default/a")?.metadata));
	await client.create(ConfigMap, make("b"));
	await clock.advance(0);
	t.deepEqual([...copy.keys()], ["default/a", "default/b"]);
	t.is(server.calls.filter(({ watch }) => watch).length, 1);
	t.false(server.calls.some(({ watch, method }) => !watch && method === "GET"));
});

test("one informer for each kind and scope; asked for later it starts at once", async (t) => {
	const { server, client, clock, informers } = setUp();
	t.is(informers.of(ConfigMap), informers.of(ConfigMap));
	await run(t, informers, clock);
	const labelled = informers.of(ConfigMap, { labelSelector: "tier=a" });
	t.not(labelled, informers.of(ConfigMap));
	await client.create(ConfigMap, make("in", { tier: "a" }));
	await client.create(ConfigMap, make("out"));
	await clock.advance(0);
	t.deepEqual(labelled.list().map(keyOf), ["default/in"]);
	t.is(server.openWatches, 2);
});

test("a server that does not stream lists is listed and watched", async (t) => {
	const { server, client, clock, informers } = setUp({ withoutStreamingLists: true });
	await client.create(ConfigMap, make("a"));
	const informer = informers.of(ConfigMap);
	await run(t, informers, clock);
	t.true(informer.synced);
	await client.create(ConfigMap, make("b"));
	await clock.advance(0);
	t.is(informer.list().length, 2);
	t.is(server.openWatches, 1);
});

test("resumes from the last bookmark, without a new list", async (t) => {
	const { server, client, clock, informers } = setUp();
	const informer = informers.of(ConfigMap, { namespace: "default" });
	await run(t, informers, clock);
	await client.create(ConfigMap, { metadata: { namespace: "elsewhere", name: "x" } });
	server.bookmark();
	await clock.advance(0);
	server.compact();
	server.dropWatches(new Error("the road broke"));
	await client.create(ConfigMap, make("a"));
	await clock.until(() => informer.list().length === 1);
	t.is(server.calls.at(-1)?.query?.resourceVersion, "2");
	t.is(server.calls.at(-1)?.query?.sendInitialEvents, undefined);
});

test("an expired revision: lists again and tells what was missed", async (t) => {
	const { server, client, clock, informers } = setUp();
	const kept = await client.create(ConfigMap, make("kept"));
	const made = await client.create(ConfigMap, make("remade"));
	await client.create(ConfigMap, make("gone"));
	const informer = informers.of(ConfigMap);
	await run(t, informers, clock);
	const changes: string[] = [];
	informer.subscribe(({ type, object }) => changes.push(`${type} ${object.metadata.name}`), {
		replay: false,
	});
	server.dropWatches();
	await client.update(ConfigMap, { ...kept, data: { a: "b" } });
	await client.delete(ConfigMap, made.metadata);
	await client.create(ConfigMap, make("remade"));
	await client.delete(ConfigMap, { namespace: "default", name: "gone" });
	await client.create(ConfigMap, make("new"));
	server.compact();
	await clock.until(() => informer.get("default/new") !== undefined);
	t.deepEqual(changes, ["deleted gone", "updated kept", "added new", "deleted remade", "added remade"]);
});

test("a silent watch is given up and resumed", async (t) => {
	const { server, clock, informers } = setUp();
	informers.of(ConfigMap);
	await run(t, informers, clock);
	await clock.advance(149_000);
	t.is(server.calls.length, 1);
	server.bookmark();
	await clock.advance(149_000);
	t.is(server.calls.length, 1);
	await clock.advance(3_000);
	t.is(server.calls.length, 2);
	t.is(server.openWatches, 1);
});

test("backs off from 0.2 to 10 seconds and never gives up", async (t) => {
	const { server, clock, informers } = setUp();
	const error = new Error("refused");
	server.failNext(error, { times: 1_000 });
	const informer = informers.of(ConfigMap);
	await run(t, informers, clock);
	const attempts = async (milliseconds: number) => {
		const before = server.calls.length;
		await clock.advance(milliseconds);
		return server.calls.length - before;
	};
	t.is(await attempts(1_000), 2);
	await attempts(60_000);
	const later = await attempts(60_000);
	t.true(later >= 6 && later <= 12, `${later} attempts a minute`);
	await clock.until(() => informer.synced, 24 * 3_600_000);
	t.is(server.openWatches, 1);
});

test("told to slow down it resumes; refused its revision it lists again", async (t) => {
	const { server, clock, informers } = setUp();
	const informer = informers.of(ConfigMap);
	await run(t, informers, clock);
	const after = async (error: Error) => {
		server.failNext(error);
		server.dropWatches();
		await clock.until(() => server.openWatches === 1);
		return server.calls.at(-1)?.query?.sendInitialEvents;
	};
	t.is(await after(tooManyRequests("slow down", 1)), undefined);
	t.is(await after(timeout("Too large resource version: 9, current: 1")), "true");
	t.true(informer.synced);
});

test("listeners and index functions that throw break nobody else", async (t) => {
	const { client, clock, informers } = setUp();
	const informer = informers.of(ConfigMap);
	informer.subscribe(() => {
		throw new Error("a bad listener");
	});
	informer.index("bad", () => {
		throw new Error("a bad index");
	});
	const { copy } = replay(informer);
	await run(t, informers, clock);
	await client.create(ConfigMap, make("a"));
	await clock.advance(0);
	t.is(copy.size, 1);
	t.deepEqual(informer.by("bad", "x"), []);
	t.throws(() => informer.by("undeclared", "x"), { message: /no index undeclared/ });
});

test("who subscribes late, or while a change is told, hears everything once; who leaves hears nothing", async (t) => {
	const { client, clock, informers } = setUp();
	await client.create(ConfigMap, make("a"));
	const informer = informers.of(ConfigMap);
	const inner: string[] = [];
	let leave = () => {};
	informer.subscribe(({ object }) => {
		if (object.metadata.name !== "b") return;
		leave = informer.subscribe((change) => inner.push(`${change.type} ${change.object.metadata.name}`));
	});
	await run(t, informers, clock);
	await client.create(ConfigMap, make("b"));
	await clock.advance(0);
	t.deepEqual(inner, ["added a", "added b"]);
	leave();
	await client.create(ConfigMap, make("c"));
	await clock.advance(0);
	t.is(inner.length, 2);
});

test("waiting for the sync ends when told to", async (t) => {
	const { informers } = setUp();
	informers.of(ConfigMap);
	const stop = new AbortController();
	const waiting = informers.synced(stop.signal);
	stop.abort(new Error("stopped"));
	t.is((await t.throwsAsync(waiting)).message, "stopped");
});

type Step =
	| { readonly do: "put"; readonly name: string; readonly tier: string }
	| { readonly do: "delete" | "remake"; readonly name: string }
	| { readonly do: "repeat"; readonly back: number }
	| { readonly do: Fault };
type Fault = "drop" | "break" | "expire" | "compact" | "bookmark" | "fail" | "wait" | "breathe";

const name = fc.constantFrom("a", "b", "c", "d");
const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({ do: fc.constant("put" as const), name, tier: fc.constantFrom("x", "y", "") }),
	},
	{ weight: 3, arbitrary: fc.record({ do: fc.constantFrom("delete" as const, "remake" as const), name }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("repeat" as const), back: fc.nat(3) }) },
	{
		weight: 5,
		arbitrary: fc.record({
			do: fc.constantFrom<Fault>("drop", "break", "expire", "compact", "bookmark", "fail", "wait", "breathe"),
		}),
	},
);

async function perform(server: FakeServer, clock: FakeClock, each: Step) {
	const client = createClient(server);
	const put = async (name: string, tier: string) => {
		const draft = make(name, tier ? { tier } : {});
		const known = server.objects<ConfigMap>(ConfigMap).find(({ metadata }) => metadata.name === name);
		if (known)
			await client.update(ConfigMap, { ...known, metadata: { ...known.metadata, ...draft.metadata } });
		else await client.create(ConfigMap, draft);
	};
	const remove = (name: string) => client.delete(ConfigMap, { namespace: "default", name }).catch(() => {});
	switch (each.do) {
		case "put":
			return put(each.name, each.tier);
		case "delete":
			return remove(each.name);
		case "remake":
			await remove(each.name);
			return put(each.name, "x");
		case "drop":
			return void server.dropWatches();
		case "break":
			return void server.dropWatches(new Error("broken"));
		case "expire":
			return server.expireWatches();
		case "compact":
			return server.compact();
		case "repeat":
			return server.repeat(each.back);
		case "bookmark":
			return server.bookmark();
		case "fail":
			// Reads only: the writes are this test's own.
			return server.failNext(new Error("no answer"), { match: ({ method }) => method === "GET" });
		case "wait":
			return clock.advance(1_000);
		case "breathe":
			return clock.advance(0);
	}
}

for (const withoutStreamingLists of [false, true]) {
	const how = withoutStreamingLists ? "listing" : "streaming";
	test(`whatever happens, the informer ends as the server is, and listeners as the informer (${how})`, async (t) => {
		const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
			const { server, clock, informers } = setUp({ withoutStreamingLists });
			const all = informers.of(ConfigMap);
			const some = informers.of(ConfigMap, { labelSelector: "tier=x" });
			all.index("tier", tier);
			const copies = [replay(all), replay(some)];
			const stop = new AbortController();
			const done = informers.start(stop.signal);
			for (const each of steps) await perform(server, clock, each);
			const truth = server.objects<ConfigMap>(ConfigMap);
			const chosen = truth.filter((object) => tier(object)[0] === "x");
			const text = (objects: Iterable<ConfigMap>) => JSON.stringify([...objects].sort(byKey));
			const same = () => text(all.list()) === text(truth) && text(some.list()) === text(chosen);
			await clock.until(() => all.synced && some.synced && same());
			for (const { faults } of copies) t.deepEqual(faults, []);
			t.is(text(copies[0]?.copy.values() ?? []), text(truth));
			t.is(text(copies[1]?.copy.values() ?? []), text(chosen));
			for (const value of ["x", "y"]) {
				t.is(text(all.by("tier", value)), text(truth.filter((object) => tier(object)[0] === value)));
			}
			t.is(text(all.list("default")), text(truth));
			stop.abort();
			await done;
			t.is(clock.pending, 0);
			t.is(server.openWatches, 0);
		});
		await fc.assert(property, { numRuns: 100 });
	});
}

const byKey = (a: ConfigMap, b: ConfigMap) => (keyOf(a) < keyOf(b) ? -1 : 1);
