import { ConfigMap, type Status } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import fc from "fast-check";
import type { Answer, OutgoingEvent } from "./request.ts";
import { inShort, openRegistry, type TestRegistry, take, watchOf } from "./testing/open-registry.ts";

const MERGE = "application/merge-patch+json";

const make = (api: TestRegistry, name: string, labels: Record<string, string> = {}, namespace = "default") =>
	api.value<ConfigMap>("create", ConfigMap, { namespace, body: { metadata: { name, labels } } });
const relabel = (api: TestRegistry, name: string, labels: Record<string, string | null>) =>
	api.ask("patch", ConfigMap, { name, contentType: MERGE, body: { metadata: { labels } } });
const watch = (api: TestRegistry, query: Record<string, string> = {}, more: object = {}) =>
	api.ask("watch", ConfigMap, { query, ...more });
const short = async (answer: Answer, count: number) => (await take(watchOf(answer), count)).map(inShort);

/** Everything until the watch ends by itself. */
async function drain(answer: Answer): Promise<OutgoingEvent[]> {
	const events: OutgoingEvent[] = [];
	for await (const batch of watchOf(answer).events) events.push(...batch);
	return events;
}

test("a watch starts with the present state, then tells every change", async (t) => {
	await using api = await openRegistry();
	await make(api, "a");
	for (const query of [{}, { resourceVersion: "0" }]) {
		const watching = await watch(api, query);
		await relabel(api, "a", { x: String(Math.random()) });
		t.deepEqual(await short(watching, 2), ["ADDED a", "MODIFIED a"]);
	}
	const answer = await watch(api, { resourceVersion: String(api.objects.revision) });
	await make(api, "b");
	await api.ask("delete", ConfigMap, { name: "b" });
	const [added, deleted] = await take(watchOf(answer), 2);
	t.deepEqual([inShort(added!), inShort(deleted!)], ["ADDED b", "DELETED b"]);
	t.is(
		deleted?.type === "DELETED" && deleted.cached.object.metadata.resourceVersion,
		String(api.objects.revision),
	);
});

test("an object that leaves the selector is deleted with its last matching body, one that enters is added", async (t) => {
	await using api = await openRegistry();
	await make(api, "a", { app: "web", n: "1" });
	const answer = await watch(api, { labelSelector: "app=web" });
	const second = await watch(api, { labelSelector: "app=web" });
	await relabel(api, "a", { app: "other" });
	const left = String(api.objects.revision);
	await relabel(api, "a", { n: "2" });
	await relabel(api, "a", { app: "web" });
	await relabel(api, "a", { n: "3" });
	await api.ask("delete", ConfigMap, { name: "a" });
	const events = await take(watchOf(answer), 5);
	t.deepEqual(events.map(inShort), ["ADDED a", "DELETED a", "ADDED a", "MODIFIED a", "DELETED a"]);
	const gone = events[1];
	if (gone?.type !== "DELETED") return t.fail();
	t.deepEqual(gone.cached.object.metadata.labels, { app: "web", n: "1" });
	t.is(gone.cached.object.metadata.resourceVersion, left);
	const others = await take(watchOf(second), 5);
	const same = others[1];
	t.is(same?.type === "DELETED" && same.cached, gone.cached, "one body for all watchers");
});

test("one name, one namespace", async (t) => {
	await using api = await openRegistry({ namespaces: ["default", "other"] });
	const byName = await watch(api, { fieldSelector: "metadata.name=b" }, { namespace: "default" });
	const byPath = await watch(api, {}, { namespace: "default", name: "b" });
	await make(api, "a");
	await make(api, "b", {}, "other");
	await make(api, "b", { here: "yes" });
	for (const answer of [byName, byPath]) {
		const [event] = await take(watchOf(answer), 1);
		t.deepEqual(event?.type === "ADDED" && event.cached.object.metadata.labels, { here: "yes" });
	}
	const failure = await api.failure("watch", ConfigMap, {
		name: "b",
		query: { fieldSelector: "metadata.name=c" },
	});
	t.is(failure.message, "fieldSelector metadata.name doesn't match requested name");
});

test("too old a revision is an error inside the stream; a future one waits", async (t) => {
	await using api = await openRegistry();
	const first = await make(api, "a");
	await relabel(api, "a", { x: "1" });
	const now = api.objects.revision;
	const future = await watch(api, { resourceVersion: String(now + 1) });
	(api.objects.of(ConfigMap) as unknown as { compact(revision: number): void }).compact(now);
	const [event, ...rest] = await drain(await watch(api, { resourceVersion: first.metadata.resourceVersion }));
	t.deepEqual(rest, []);
	if (event?.type !== "ERROR") return t.fail();
	const status = event.status as Status;
	t.deepEqual([status.code, status.reason], [410, "Expired"]);
	t.is(status.message, `too old resource version: ${first.metadata.resourceVersion} (${now})`);
	await relabel(api, "a", { x: "2" });
	await relabel(api, "a", { x: "3" });
	const [only] = await take(watchOf(future), 1);
	t.deepEqual(only?.type === "MODIFIED" && only.cached.object.metadata.labels, { x: "3" });
});

test("a streaming list ends its first part with a marked bookmark", async (t) => {
	await using api = await openRegistry();
	await make(api, "a");
	await make(api, "b", { app: "web" });
	const streaming = {
		sendInitialEvents: "true",
		resourceVersionMatch: "NotOlderThan",
		allowWatchBookmarks: "true",
	};
	const revision = api.objects.revision;
	t.deepEqual(await short(await watch(api, streaming), 3), [
		"ADDED a",
		"ADDED b",
		`BOOKMARK ${revision} initial`,
	]);
	const some = await watch(api, { ...streaming, labelSelector: "app=web", resourceVersion: "2" });
	t.deepEqual(await short(some, 2), ["ADDED b", `BOOKMARK ${revision} initial`]);
	const empty = await watch(api, { ...streaming, labelSelector: "app=none" });
	t.deepEqual(await short(empty, 1), [`BOOKMARK ${revision} initial`]);
	const none = await watch(api, { ...streaming, sendInitialEvents: "false" });
	await make(api, "c");
	t.deepEqual(await short(none, 1), ["ADDED c"]);
	const failure = async (query: Record<string, string>) =>
		(await api.failure("watch", ConfigMap, { query })).message.replace(/^.* is invalid: /, "");
	t.is(
		await failure({ sendInitialEvents: "true" }),
		"resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
	);
	t.is(
		await failure({ resourceVersionMatch: "NotOlderThan" }),
		"resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
	);
});

test("bookmarks come about every minute and before the end, and time runs out", async (t) => {
	const clock = createFakeClock();
	await using api = await openRegistry({ clock, random: () => 0.5 });
	await make(api, "a");
	const reading = drain(
		await watch(api, { resourceVersion: "2", allowWatchBookmarks: "true", timeoutSeconds: "130" }),
	);
	await clock.advance(61_000);
	await make(api, "b");
	await clock.advance(70_000);
	const events = (await reading).map(inShort);
	const kinds = events.map((text) => text.replace(/ \d+$/, ""));
	t.deepEqual(kinds, ["ADDED a", "BOOKMARK", "ADDED b", "BOOKMARK", "BOOKMARK"]);
	t.is(events.at(-1), `BOOKMARK ${api.objects.revision}`);
	const plain = drain(await watch(api, { resourceVersion: String(api.objects.revision) }));
	await clock.advance(46 * 60_000);
	t.deepEqual(await plain, []);
	t.is(clock.pending, 1, "only the store's own timer is left");
});

test("a watch ends with its caller, and leaves no timer", async (t) => {
	const clock = createFakeClock();
	await using api = await openRegistry({ clock });
	const stop = new AbortController();
	const reading = drain(await watch(api, { allowWatchBookmarks: "true" }, { signal: stop.signal }));
	await clock.advance(1);
	stop.abort();
	t.deepEqual(await reading, []);
	const unread = watchOf(await watch(api));
	await unread[Symbol.asyncDispose]();
	t.is(clock.pending, 1);
});

type Step = readonly ["put" | "relabel" | "delete", string, string];
const step: fc.Arbitrary<Step> = fc.tuple(
	fc.constantFrom("put" as const, "relabel" as const, "delete" as const),
	fc.constantFrom("a", "b", "c"),
	fc.constantFrom("web", "db", "none"),
);

test("property: what a watcher replays is the filtered list", async (t) => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.nat(30), async (steps, begin) => {
			await using api = await openRegistry();
			const query = { labelSelector: "app=web" };
			const run = async ([action, name, app]: Step) => {
				if (action === "put") await make(api, name, { app }).catch(() => {});
				else if (action === "relabel") await relabel(api, name, { app }).catch(() => {});
				else await api.ask("delete", ConfigMap, { name }).catch(() => {});
			};
			for (const one of steps.slice(0, begin)) await run(one);
			const seen = new Map<string, string>();
			const watching = watchOf(await watch(api, query));
			for (const one of steps.slice(begin)) await run(one);
			await make(api, "end", { app: "web" });
			for await (const batch of watching.events) {
				for (const event of batch) apply(seen, event);
				if (seen.has("end")) break;
			}
			const listed = await api.ask("list", ConfigMap, { query });
			const items = listed.type === "list" ? listed.list.items : [];
			const wanted = items.map(({ object: { metadata } }) => [metadata.name, metadata.resourceVersion]);
			const replayed = [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
			t.deepEqual(replayed, wanted as [string, string][]);
		}),
		{ numRuns: 40 },
	);
	t.pass();
});

/** Plays an event as an informer does, and checks that it makes sense. */
function apply(seen: Map<string, string>, event: OutgoingEvent): void {
	if (event.type === "BOOKMARK" || event.type === "ERROR") return;
	const { name, resourceVersion } = event.cached.object.metadata;
	if (seen.has(name) === (event.type === "ADDED")) throw new Error(`${event.type} ${name} out of turn`);
	if (event.type === "DELETED") seen.delete(name);
	else seen.set(name, resourceVersion);
}
