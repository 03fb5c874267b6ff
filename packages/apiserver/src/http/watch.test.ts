/** Watches as clients see them: over both HTTP versions, in every form, ended by either side. */
import { type ClientHttp2Stream, connect as connectHttp2 } from "node:http2";
import { isConflict, type KubeObject, StatusError, type WatchEvent } from "@berth/api";
import test from "ava";
import { rawConnection } from "./testing/raw-connection.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
test.before(async () => {
	server = await startTestServer();
});
test.after.always(() => server?.[Symbol.asyncDispose]());

const MAPS = "/api/v1/namespaces/default/configmaps";
const create = (name: string) => server.ask("POST", MAPS, { body: { metadata: { name, labels: { name } } } });

/** Opens a watch over HTTP/2; `next` is its next event. */
async function open(path: string, accept = "application/json") {
	const session = connectHttp2(server.api.url, { ...server.admin });
	const stream: ClientHttp2Stream = session.request({ ":path": path, accept });
	const headers = await new Promise<Record<string, unknown>>((resolve) => stream.on("response", resolve));
	const lines = readLines(stream);
	return {
		headers,
		next: async () => {
			const { value, done } = await lines.next();
			return done ? undefined : JSON.parse(value);
		},
		[Symbol.dispose]: () => session.destroy(),
	};
}

async function* readLines(source: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
	let rest = "";
	for await (const chunk of source) {
		const parts = (rest + chunk).split("\n");
		rest = parts.pop() ?? "";
		yield* parts;
	}
}

test("headers come at once, then events as they happen, whole objects", async (t) => {
	using watch = await open(`${MAPS}?watch=1&labelSelector=name%3Dw1`);
	t.is(watch.headers[":status"], 200);
	t.is(watch.headers["content-type"], "application/json");
	const created = await create("w1");
	t.deepEqual(await watch.next(), { type: "ADDED", object: created.json });
	const changed = { ...created.json, data: { a: "b" } };
	const updated = await server.ask("PUT", `${MAPS}/w1`, { body: changed });
	t.deepEqual(await watch.next(), { type: "MODIFIED", object: updated.json });
	await server.ask("DELETE", `${MAPS}/w1`);
	t.like(await watch.next(), { type: "DELETED", object: { metadata: { name: "w1" } } });
});

test("a streaming list ends with its bookmark", async (t) => {
	await create("s1");
	const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
	using watch = await open(`${MAPS}?${query}&labelSelector=name%3Ds1`);
	t.like(await watch.next(), { type: "ADDED", object: { metadata: { name: "s1" } } });
	const end = await watch.next();
	t.like(end, { type: "BOOKMARK", object: { kind: "ConfigMap", apiVersion: "v1" } });
	t.is(end.object.metadata.annotations["k8s.io/initial-events-end"], "true");
});

test("tables describe their columns once; metadata alone is metadata alone", async (t) => {
	const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
	using rows = await open(`${MAPS}?watch=1&labelSelector=name%20in%20(t1,t2)`, table);
	const part = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
	using parts = await open(`${MAPS}?watch=1&labelSelector=name%3Dt1`, part);
	await create("t1");
	await create("t2");
	const first = await rows.next();
	t.like(first, { type: "ADDED", object: { kind: "Table" } });
	t.is(first.object.columnDefinitions[0].name, "Name");
	t.is(first.object.rows[0].cells[0], "t1");
	const second = await rows.next();
	t.is(second.object.columnDefinitions, undefined);
	t.is(second.object.rows[0].cells[0], "t2");
	t.like(await parts.next(), {
		type: "ADDED",
		object: { kind: "PartialObjectMetadata", metadata: { name: "t1" } },
	});
});

test("a watch ends when its time is up", async (t) => {
	using watch = await open(`${MAPS}?watch=1&timeoutSeconds=1&labelSelector=name%3Dnone`);
	t.is(await watch.next(), undefined);
});

test("a client that leaves frees its watch", async (t) => {
	const open = async () => {
		const { text } = await server.ask("GET", "/metrics");
		const match = /apiserver_longrunning_requests\{[^}]*resource="secrets"[^}]*\} (\d+)/.exec(text);
		return Number(match?.[1] ?? 0);
	};
	const connection = await rawConnection(server);
	connection.send("GET /api/v1/secrets?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n");
	t.regex(await connection.until(/\r\n\r\n/), /^HTTP\/1\.1 200.*Transfer-Encoding: chunked/s);
	t.is(await open(), 1);
	connection.socket.destroy();
	for (let i = 0; i < 100 && (await open()); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
	t.is(await open(), 0);
});

test("in the process: the same answers as values, frozen, and the same refusals", async (t) => {
	const transport = server.api.transport({ username: "in-process", groups: ["system:masters"] });
	const stop = new AbortController();
	const query = { labelSelector: "name=p1" };
	const events = (await transport.watch({ method: "GET", path: MAPS, query, signal: stop.signal }))[
		Symbol.asyncIterator
	]();
	const body = { metadata: { name: "p1", labels: { name: "p1" } } };
	const created = (await transport.call({ method: "POST", path: MAPS, body })) as KubeObject;
	t.true(Object.isFrozen(created));
	t.true(Object.isFrozen(created.metadata));
	t.false("uid" in body.metadata);
	const seen = (await events.next()) as IteratorYieldResult<WatchEvent<KubeObject>>;
	t.is(seen.value.type, "ADDED");
	t.is(seen.value.object, created);
	const list = (await transport.call({ method: "GET", path: MAPS, query })) as {
		kind: string;
		items: unknown[];
	};
	t.is(list.kind, "ConfigMapList");
	t.is(list.items[0], created);
	t.true(Object.isFrozen(list.items));
	const stale = { ...created, metadata: { ...created.metadata, resourceVersion: "1" } };
	const error = await t.throwsAsync(transport.call({ method: "PUT", path: `${MAPS}/p1`, body: stale }));
	t.true(isConflict(error));
	const stranger = server.api.transport({ username: "jane", groups: [] });
	const refused = await t.throwsAsync(stranger.call({ method: "GET", path: MAPS }), {
		instanceOf: StatusError,
	});
	t.is(refused.code, 403);
	stop.abort();
	t.true((await events.next()).done);
	await transport.close();
	await t.throwsAsync(transport.call({ method: "GET", path: MAPS }), { name: "AbortError" });
});

test("closing: readiness fails, watches end, requests finish", async (t) => {
	const own = await startTestServer();
	const session = connectHttp2(own.api.url, { ...own.admin });
	const stream = session.request({ ":path": "/api/v1/pods?watch=1" });
	await new Promise((resolve) => stream.on("response", resolve));
	const ended = new Promise((resolve) => stream.on("close", resolve));
	stream.resume();
	const transport = own.api.transport({ username: "x", groups: ["system:masters"] });
	const started = performance.now();
	await Promise.all([own[Symbol.asyncDispose](), ended]);
	t.true(performance.now() - started < 2_000);
	await t.throwsAsync(transport.call({ method: "GET", path: "/api/v1/pods" }));
	session.destroy();
});
