/**
 * What every transport to an API server must do, fake or real. A test of an implementation is one call:
 * `transportConformance(test, async (t) => ({ transport, namespace }))`.
 */
import {
	ConfigMap,
	Deployment,
	type Draft,
	hasReason,
	type Kind,
	type KubeObject,
	type Transport,
	type WatchEvent,
} from "@berth/api";
import type { ExecutionContext, TestFn } from "ava";
import type { Client, WatchOptions } from "./client.ts";
import { createClient } from "./create-client.ts";

export interface TransportUnderTest {
	readonly transport: Transport;
	/** A namespace that exists and holds no ConfigMap. */
	readonly namespace: string;
}

/** `open` is called once for each test and registers its own teardown. */
export function transportConformance(
	test: TestFn,
	open: (t: ExecutionContext) => Promise<TransportUnderTest>,
): void {
	const check = (title: string, run: (t: ExecutionContext, use: Fixture) => Promise<void>) =>
		test(`transport: ${title}`, async (t) => {
			const { transport, namespace } = await open(t);
			await run(t, fixture(createClient(transport, { fieldManager: "conformance" }), namespace, t));
		});

	check("what is created can be read, and has an identity", async (t, { client, namespace, make }) => {
		const made = await make("one", { a: "1" });
		t.deepEqual(await client.get(ConfigMap, { namespace, name: "one" }), made);
		t.truthy(made.metadata.uid);
		t.regex(made.metadata.resourceVersion, /^[1-9]\d*$/);
		t.regex(made.metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
		t.like(made, { kind: "ConfigMap", apiVersion: "v1", data: { a: "1" } });
	});

	check("a name is taken once; generated names differ", async (t, { client, namespace, make, fails }) => {
		await make("one");
		await fails(make("one"), "AlreadyExists", 'configmaps "one" already exists');
		const generate = () => client.create(ConfigMap, { metadata: { namespace, generateName: "some-" } });
		const [first, second] = [await generate(), await generate()];
		t.regex(first.metadata.name, /^some-.{5}$/);
		t.not(first.metadata.name, second.metadata.name);
	});

	check("what is not there is NotFound", async (_t, { client, namespace, fails }) => {
		const name = { namespace, name: "none" };
		const message = 'configmaps "none" not found';
		await fails(client.get(ConfigMap, name), "NotFound", message);
		await fails(client.delete(ConfigMap, name), "NotFound", message);
		await fails(client.patch(ConfigMap, name, { data: {} }, { type: "merge" }), "NotFound", message);
		await fails(client.transport.call({ method: "GET", path: "/api/v1/nonsense" }), "NotFound");
	});

	check("an update of a stale object is a Conflict", async (t, { client, make, fails }) => {
		const made = await make("one", { a: "1" });
		const changed = await client.update(ConfigMap, { ...made, data: { a: "2" } });
		t.true(Number(changed.metadata.resourceVersion) > Number(made.metadata.resourceVersion));
		t.is(changed.metadata.uid, made.metadata.uid);
		await fails(client.update(ConfigMap, { ...made, data: { a: "3" } }), "Conflict");
		const same = await client.update(ConfigMap, changed);
		t.is(same.metadata.resourceVersion, changed.metadata.resourceVersion);
	});

	check("status is written through its own door only", async (t, { client, namespace }) => {
		const labels = { app: "door" };
		const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "web" }] } };
		const made = await client.create(Deployment, {
			metadata: { name: "door", namespace },
			spec: { replicas: 1, selector: { matchLabels: labels }, template },
			status: { replicas: 3 },
		});
		t.is(made.status?.replicas ?? 0, 0);
		t.is(made.metadata.generation, 1);
		const scaled = (object: Deployment, replicas: number) => ({
			...object,
			spec: { ...object.spec, replicas },
		});
		const reported = await client.updateStatus(Deployment, { ...scaled(made, 5), status: { replicas: 2 } });
		t.is(reported.status?.replicas, 2);
		t.is(reported.spec?.replicas, 1);
		t.is(reported.metadata.generation, 1);
		const changed = await client.update(Deployment, { ...scaled(reported, 4), status: { replicas: 9 } });
		t.is(changed.status?.replicas, 2);
		t.is(changed.spec?.replicas, 4);
		t.is(changed.metadata.generation, 2);
	});

	check("patches of three types", async (t, { client, namespace, make }) => {
		await make("one", { a: "1", b: "2" });
		const name = { namespace, name: "one" };
		const data = async (type: "json" | "merge" | "strategic", body: unknown) =>
			(await client.patch(ConfigMap, name, body, { type })).data;
		t.deepEqual(await data("merge", { data: { a: null, c: "3" } }), { b: "2", c: "3" });
		t.deepEqual(await data("strategic", { data: { d: "4" } }), { b: "2", c: "3", d: "4" });
		t.deepEqual(await data("json", [{ op: "replace", path: "/data/b", value: "5" }]), {
			b: "5",
			c: "3",
			d: "4",
		});
	});

	check(
		"a patch that names another uid or revision is a Conflict",
		async (_t, { client, namespace, make, fails }) => {
			const { metadata } = await make("one");
			const name = { namespace, name: "one" };
			const patch = (body: object) => client.patch(ConfigMap, name, { metadata: body }, { type: "merge" });
			await patch({ uid: metadata.uid, labels: { a: "b" } });
			await fails(patch({ uid: "another", labels: { a: "c" } }), "Conflict");
			await fails(patch({ resourceVersion: metadata.resourceVersion, labels: { a: "c" } }), "Conflict");
		},
	);

	check("deletion: preconditions hold, finalizers delay", async (t, { client, namespace, make, fails }) => {
		const made = await make("one", {}, { finalizers: ["example.com/wait"] });
		const name = { namespace, name: "one" };
		await fails(client.delete(ConfigMap, name, { preconditions: { uid: "another" } }), "Conflict");
		await client.delete(ConfigMap, name, { preconditions: { uid: made.metadata.uid } });
		const marked = await client.get(ConfigMap, name);
		t.truthy(marked.metadata.deletionTimestamp);
		await client.update(ConfigMap, { ...marked, metadata: { ...marked.metadata, finalizers: [] } });
		await fails(client.get(ConfigMap, name), "NotFound");
	});

	check("lists by namespace, labels and fields", async (t, { client, namespace, make, names }) => {
		await make("a", {}, { labels: { tier: "front" } });
		await make("b", {}, { labels: { tier: "back" } });
		await make("c");
		t.deepEqual(await names({}), ["a", "b", "c"]);
		t.deepEqual(await names({ labelSelector: "tier in (front,back),tier!=back" }), ["a"]);
		t.deepEqual(await names({ labelSelector: "!tier" }), ["c"]);
		t.deepEqual(await names({ fieldSelector: "metadata.name=b" }), ["b"]);
		const everywhere = await client.list(ConfigMap, { fieldSelector: `metadata.namespace=${namespace}` });
		t.is(everywhere.items.length, 3);
		t.like(everywhere.items[0], { kind: "ConfigMap", apiVersion: "v1" });
		t.regex(everywhere.metadata.resourceVersion ?? "", /^[1-9]\d*$/);
	});

	check("deletes what a selector finds", async (t, { client, namespace, make, names }) => {
		await make("a", {}, { labels: { go: "yes" } });
		await make("b");
		await client.deleteCollection(ConfigMap, { namespace, labelSelector: "go=yes" });
		t.deepEqual(await names({}), ["b"]);
	});

	check(
		"a watch tells everything after its revision, in order",
		async (t, { client, namespace, make, watched }) => {
			const first = await make("a", { n: "0" });
			const events = await watched({ resourceVersion: first.metadata.resourceVersion });
			const second = await client.update(ConfigMap, { ...first, data: { n: "1" } });
			await make("b");
			await client.delete(ConfigMap, { namespace, name: "a" });
			const seen = await events.take(3);
			t.deepEqual(
				seen.map(({ type, object }) => `${type} ${object.metadata.name}`),
				["MODIFIED a", "ADDED b", "DELETED a"],
			);
			t.deepEqual(seen[0]?.object, second);
			const revisions = seen.map(({ object }) => Number(object.metadata.resourceVersion));
			t.deepEqual(
				revisions,
				revisions.toSorted((a, b) => a - b),
			);
			t.is(new Set(revisions).size, 3);
			t.true(Object.isFrozen(seen[0]?.object));
		},
	);

	check("a streaming list: all there is, a bookmark, then what changes", async (t, { make, watched }) => {
		const [a, b] = [await make("a"), await make("b")];
		const events = await watched({ sendInitialEvents: true });
		const [first, second, bookmark] = await events.take(3);
		t.deepEqual(
			[first, second].map((event) => event?.object),
			[a, b],
		);
		t.is(bookmark?.type, "BOOKMARK");
		t.is(bookmark?.object.metadata.annotations?.["k8s.io/initial-events-end"], "true");
		t.true(Number(bookmark?.object.metadata.resourceVersion) >= Number(b.metadata.resourceVersion));
		const c = await make("c");
		t.deepEqual((await events.take(1))[0], { type: "ADDED", object: c });
	});

	check(
		"a watch with a selector: entering is ADDED, leaving DELETED",
		async (t, { client, make, watched }) => {
			const made = await make("a");
			const events = await watched({
				resourceVersion: made.metadata.resourceVersion,
				labelSelector: "in=yes",
			});
			const label = (object: ConfigMap, value: string) =>
				client.update(ConfigMap, { ...object, metadata: { ...object.metadata, labels: { in: value } } });
			const inside = await label(made, "yes");
			const outside = await label(inside, "no");
			await label(outside, "yes");
			const seen = await events.take(3);
			t.deepEqual(
				seen.map(({ type }) => type),
				["ADDED", "DELETED", "ADDED"],
			);
			t.is(seen[1]?.object.metadata.resourceVersion, outside.metadata.resourceVersion);
		},
	);

	check("an aborted watch ends without an error", async (t, { client, namespace }) => {
		const stop = new AbortController();
		const events = await client.watch(ConfigMap, { namespace, sendInitialEvents: true, signal: stop.signal });
		const types: string[] = [];
		for await (const { type } of events) {
			types.push(type);
			setImmediate(() => stop.abort());
		}
		t.deepEqual(types, ["BOOKMARK"]);
	});
}

interface Fixture {
	readonly client: Client;
	readonly namespace: string;
	make(name: string, data?: Record<string, string>, metadata?: object): Promise<ConfigMap>;
	names(options: { labelSelector?: string; fieldSelector?: string }): Promise<string[]>;
	fails(promise: Promise<unknown>, reason: string, message?: string): Promise<void>;
	watched(options: WatchOptions): Promise<{ take(count: number): Promise<WatchEvent<ConfigMap>[]> }>;
}

function fixture(client: Client, namespace: string, t: ExecutionContext): Fixture {
	return {
		client,
		namespace,
		make: (name, data = {}, metadata = {}) =>
			client.create(ConfigMap, draft(name, namespace, data, metadata)),
		names: async (options) => {
			const { items } = await client.list(ConfigMap, { namespace, ...options });
			return items.map(({ metadata }) => metadata.name).filter((name) => name !== "kube-root-ca.crt");
		},
		fails: async (promise, reason, message) => {
			const error = await t.throwsAsync(promise);
			t.true(hasReason(error, reason), `${error.message} should be ${reason}`);
			if (message) t.is(error.message, message);
		},
		watched: async (options) => {
			const stop = new AbortController();
			const events = await reader(client, ConfigMap, { namespace, ...options, signal: stop.signal });
			t.teardown(async () => {
				stop.abort();
				await events.end();
			});
			return events;
		},
	};
}

const draft = (
	name: string,
	namespace: string,
	data: Record<string, string>,
	metadata: object,
): Draft<ConfigMap> => ({
	metadata: { name, namespace, ...metadata },
	data,
});

/** Reads so many events and leaves the stream open for more. */
async function reader<T extends KubeObject>(client: Client, kind: Kind<T>, options: WatchOptions) {
	const events = (await client.watch(kind, options))[Symbol.asyncIterator]();
	return {
		take: async (count: number) => {
			const taken: WatchEvent<T>[] = [];
			while (taken.length < count) {
				const next = await events.next();
				if (next.done) throw new Error(`the watch ended after ${taken.length} of ${count} events`);
				taken.push(next.value);
			}
			return taken;
		},
		end: async () => void (await events.return?.()),
	};
}
