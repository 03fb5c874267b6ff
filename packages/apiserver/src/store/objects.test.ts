import { ConfigMap, type Draft, KINDS, type ObjectMeta, Pod, silentLogger, systemClock } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { createObjects } from "./create-objects.ts";
import { createMemoryStore } from "./memory/memory-store.ts";
import type { CacheEvent, Encoding, Objects } from "./objects.ts";
import { Compacted, type Store } from "./store.ts";

const open = (store: Store = createMemoryStore()) =>
	createObjects({ store, kinds: KINDS, clock: systemClock, log: silentLogger });

const configMap = (name: string, value = "", namespace = "default") => {
	const draft: Draft<ConfigMap> = { metadata: { name, namespace }, data: { value } };
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		...draft,
		metadata: { uid: name, resourceVersion: "", creationTimestamp: "", ...draft.metadata } as ObjectMeta,
	};
};

async function read(
	objects: Objects,
	after: number,
	count: number,
	namespace?: string,
): Promise<CacheEvent[]> {
	await using watch = objects.of(ConfigMap).watch({ after, namespace });
	const events: CacheEvent[] = [];
	for await (const batch of watch.batches) {
		events.push(...batch);
		if (events.length >= count) break;
	}
	return events;
}

test("a write is read back at once, with its revision as resourceVersion, encoded once", async (t) => {
	const objects = await open();
	const created = await objects.create(ConfigMap, configMap("a", "1"));
	t.is(created?.object.metadata.resourceVersion, "2");
	const cached = objects.of<ConfigMap>(ConfigMap).get("default/a");
	t.is(cached, created);
	t.is(cached!.json(), cached!.json());
	t.deepEqual(JSON.parse(new TextDecoder().decode(cached!.json())), cached!.object);
	t.true(Object.isFrozen(cached!.object.data));
	t.is(await objects.create(ConfigMap, configMap("a")), undefined);
	t.is(await objects.update(ConfigMap, configMap("a", "2"), 7), undefined);
	t.is((await objects.update(ConfigMap, configMap("a", "2"), 2))?.revision, 3);
	const removed = await objects.remove<ConfigMap>(ConfigMap, "default/a", 3);
	t.is(removed?.object.metadata.resourceVersion, "4");
	t.is(removed?.object.data?.value, "2");
	t.is(objects.of(ConfigMap).get("default/a"), undefined);
	await objects.close();
});

test("what is encoded is shared, also of a revision that is no longer the present one", async (t) => {
	const objects = await open();
	const first = await objects.create(ConfigMap, configMap("a", "1"));
	let encoded = 0;
	const upper: Encoding = {
		encode: ({ object }) => {
			encoded += 1;
			return new TextEncoder().encode(object.metadata.name.toUpperCase());
		},
	};
	t.is(first!.encoded(upper), first!.encoded(upper));
	t.is(encoded, 1);
	await objects.update(ConfigMap, configMap("a", "2"), 2);
	t.is(first!.json(), first!.json());
	t.deepEqual(JSON.parse(new TextDecoder().decode(first!.json())), first!.object);
	await objects.close();
});

test("lists are in key order and by namespace; namespaces that share a prefix do not mix", async (t) => {
	const objects = await open();
	for (const [name, namespace] of [
		["b", "ns"],
		["a", "ns"],
		["x", "ns-2"],
		["y", "ns2"],
	] as const) {
		await objects.create(ConfigMap, configMap(name, "", namespace));
	}
	const cache = objects.of(ConfigMap);
	t.deepEqual(
		cache.list("ns").map((cached) => cached.key),
		["ns/a", "ns/b"],
	);
	t.is(cache.list().length, 4);
	t.deepEqual(cache.list("nowhere"), []);
	await objects.close();
});

test("a watch sees its kind and namespace only, and progress moves with other kinds", async (t) => {
	const objects = await open();
	const watching = read(objects, 1, 2, "default");
	await objects.create(ConfigMap, configMap("elsewhere", "", "other"));
	await objects.create(ConfigMap, configMap("a"));
	await objects.remove(ConfigMap, "default/a", 3);
	t.deepEqual(
		(await watching).map((event) => [event.type, event.current.key, event.revision]),
		[
			["put", "default/a", 3],
			["delete", "default/a", 4],
		],
	);
	await using watch = objects.of(Pod).watch({ after: 1 });
	t.is(watch.progress(), 4);
	await objects.close();
});

test("watches and exact lists go on over a restart", async (t) => {
	const store = createMemoryStore();
	const first = await open(store);
	await first.create(ConfigMap, configMap("a", "1"));
	await first.update(ConfigMap, configMap("a", "2"), 2);
	await first.create(ConfigMap, configMap("b"));
	await first.close();

	const second = await open(store);
	t.is(second.revision, 4);
	const events = await read(second, 2, 2);
	t.deepEqual(
		events.map((event) => event.revision),
		[3, 4],
	);
	t.deepEqual(
		second
			.of<ConfigMap>(ConfigMap)
			.listAt(2)
			.map((cached) => [cached.key, cached.object.data?.value]),
		[["default/a", "1"]],
	);
	await second.close();
});

test("a reader of forgotten history is told so, and a revision of the future is waited for", async (t) => {
	const store = createMemoryStore();
	const first = await open(store);
	await first.create(ConfigMap, configMap("a"));
	await first.create(ConfigMap, configMap("b"));
	await store.compact(3);
	await first.close();
	const objects = await open(store);
	t.throws(() => objects.of(ConfigMap).watch({ after: 2 }), { instanceOf: Compacted });
	t.throws(() => objects.of(ConfigMap).listAt(2), { instanceOf: Compacted });
	const reached = objects.reached(4);
	await objects.create(ConfigMap, configMap("c"));
	await t.notThrowsAsync(reached);
	await objects.close();
});

test("property: replaying a watch from any revision over the list there gives the present", async (t) => {
	const step = fc.record({ name: fc.constantFrom("a", "b", "c", "d"), remove: fc.boolean() });
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), fc.nat(), async (steps, pick) => {
			const objects = await open();
			const cache = objects.of<ConfigMap>(ConfigMap);
			for (const [i, { name, remove }] of steps.entries()) {
				const old = cache.get(`default/${name}`);
				if (remove && old) await objects.remove(ConfigMap, old.key, old.revision);
				else if (old) await objects.update(ConfigMap, configMap(name, `${i}`), old.revision);
				else await objects.create(ConfigMap, configMap(name, `${i}`));
			}
			const from = 1 + (pick % cache.revision);
			const state = new Map(cache.listAt(from).map((cached) => [cached.key, cached.revision]));
			const missing = cache.revision - from;
			for (const event of missing > 0 ? await read(objects, from, missing) : []) {
				if (event.type === "delete") state.delete(event.current.key);
				else state.set(event.current.key, event.revision);
			}
			t.deepEqual(
				[...state].sort(),
				cache.list().map((cached) => [cached.key, cached.revision]),
			);
			await objects.close();
		}),
		{ numRuns: 50 },
	);
});
