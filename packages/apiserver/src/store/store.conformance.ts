/** What every store backend must do. A backend's own test file is a call of `storeConformance`. */
import type { ExecutionContext, TestFn } from "ava";
import { Compacted, type Store, type StoreEvent } from "./store.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array) => new TextDecoder().decode(value);

async function take(store: Store, after: number, count: number, prefix = "/"): Promise<StoreEvent[]> {
	const stop = new AbortController();
	const events: StoreEvent[] = [];
	for await (const batch of store.watch({ prefix, after, signal: stop.signal })) {
		events.push(...batch);
		if (events.length >= count) break;
	}
	stop.abort();
	return events;
}

export function storeConformance(test: TestFn, name: string, open: () => Promise<Store>): void {
	const check = (title: string, body: (store: Store, t: ExecutionContext) => Promise<void>) =>
		test(`${name}: ${title}`, async (t) => {
			const store = await open();
			try {
				await body(store, t);
			} finally {
				await store.close();
			}
		});

	check("an empty store is at revision 1", async (store, t) => {
		t.is(await store.revision(), 1);
		t.is(await store.get("/a"), undefined);
		t.deepEqual(await store.list({ prefix: "/" }), { entries: [], revision: 1, more: false });
	});

	check("a write is read back with its revision", async (store, t) => {
		t.deepEqual(await store.write({ key: "/a", value: bytes("1"), expect: 0 }), { ok: true, revision: 2 });
		const entry = await store.get("/a");
		t.is(text(entry!.value), "1");
		t.is(entry!.revision, 2);
		t.is(await store.revision(), 2);
	});

	check("compare and swap refuses a stale or a wrong expectation", async (store, t) => {
		t.deepEqual(await store.write({ key: "/a", value: bytes("x"), expect: 7 }), { ok: false });
		await store.write({ key: "/a", value: bytes("1"), expect: 0 });
		const refused = await store.write({ key: "/a", value: bytes("2"), expect: 0 });
		t.false(refused.ok);
		t.is(!refused.ok && refused.current?.revision, 2);
		t.true((await store.write({ key: "/a", value: bytes("2"), expect: 2 })).ok);
		t.false((await store.write({ key: "/a", value: undefined, expect: 2 })).ok);
		t.true((await store.write({ key: "/a", value: undefined, expect: 3 })).ok);
		t.is(await store.get("/a"), undefined);
		t.deepEqual(await store.write({ key: "/a", value: undefined, expect: 0 }), { ok: false });
	});

	check("of many writers with one expectation, one wins", async (store, t) => {
		const results = await Promise.all(
			Array.from({ length: 20 }, (_, i) => store.write({ key: "/a", value: bytes(`${i}`), expect: 0 })),
		);
		t.is(results.filter((result) => result.ok).length, 1);
	});

	check("lists are in byte order, by prefix, and page", async (store, t) => {
		for (const key of ["/b/2", "/b/10", "/b-x/1", "/c/1", "/b/1"]) {
			await store.write({ key, value: bytes(key), expect: 0 });
		}
		const all = await store.list({ prefix: "/b/" });
		t.deepEqual(
			all.entries.map((entry) => entry.key),
			["/b/1", "/b/10", "/b/2"],
		);
		const first = await store.list({ prefix: "/b/", limit: 2 });
		t.true(first.more);
		const rest = await store.list({ prefix: "/b/", limit: 2, after: "/b/10" });
		t.false(rest.more);
		t.deepEqual(
			rest.entries.map((entry) => entry.key),
			["/b/2"],
		);
	});

	check("a watch replays history and goes on live, without gap or repeat", async (store, t) => {
		await store.write({ key: "/a", value: bytes("1"), expect: 0 });
		const watching = take(store, 1, 5);
		await store.write({ key: "/a", value: bytes("2"), expect: 2 });
		await store.write({ key: "/b", value: bytes("x"), expect: 0 });
		await store.write({ key: "/a", value: undefined, expect: 3 });
		await store.write({ key: "/c", value: bytes("y"), expect: 0 });
		const events = await watching;
		t.deepEqual(
			events.map((event) => [event.type, event.key, text(event.value), event.revision]),
			[
				["put", "/a", "1", 2],
				["put", "/a", "2", 3],
				["put", "/b", "x", 4],
				["delete", "/a", "2", 5],
				["put", "/c", "y", 6],
			],
		);
		t.is(text(events[1]!.previous!), "1");
		t.is(events[0]!.previous, undefined);
	});

	check("a watch sees its prefix only", async (store, t) => {
		await store.write({ key: "/a/1", value: bytes("1"), expect: 0 });
		await store.write({ key: "/b/1", value: bytes("1"), expect: 0 });
		const events = await take(store, 1, 1, "/b/");
		t.deepEqual(
			events.map((event) => event.key),
			["/b/1"],
		);
	});

	check("concurrent writes are seen in revision order, each once", async (store, t) => {
		const watching = take(store, 1, 100);
		await Promise.all(
			Array.from({ length: 100 }, (_, i) => store.write({ key: `/k${i}`, value: bytes(`${i}`), expect: 0 })),
		);
		const events = await watching;
		t.deepEqual(
			events.map((event) => event.revision),
			Array.from({ length: 100 }, (_, i) => i + 2),
		);
	});

	check("compaction forgets history, not values", async (store, t) => {
		await store.write({ key: "/a", value: bytes("1"), expect: 0 });
		await store.write({ key: "/a", value: bytes("2"), expect: 2 });
		await store.write({ key: "/a", value: bytes("3"), expect: 3 });
		await store.compact(3);
		t.is(text((await store.get("/a"))!.value), "3");
		await t.throwsAsync(take(store, 2, 1), { instanceOf: Compacted });
		t.deepEqual(
			(await take(store, 3, 1)).map((event) => event.revision),
			[4],
		);
	});

	check("a watch ends when its signal aborts, and when the store closes", async (store, t) => {
		const stop = new AbortController();
		const reading = (async () => {
			for await (const _ of store.watch({ prefix: "/", after: 1, signal: stop.signal }));
		})();
		stop.abort();
		await reading;
		t.pass();
	});
}
