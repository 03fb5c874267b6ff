import { once } from "node:events";
import {
	createSecureServer,
	type Http2SecureServer,
	type Http2Session,
	type IncomingHttpHeaders,
	type ServerHttp2Stream,
} from "node:http2";
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from "node:net";
import { hasReason, notFound, silentLogger, systemClock, type WatchEvent } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import { testCertificate, testKey } from "./certificate.fixture.ts";
import { ConnectionError } from "./connection.ts";
import { type HttpsTransportOptions, httpsTransport } from "./https-transport.ts";

type Handler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

async function serve(t: ExecutionContext, handler: Handler, port = 0) {
	const server: Http2SecureServer = createSecureServer({ key: testKey, cert: testCertificate });
	const sessions = new Set<Http2Session>();
	server.on("session", (session) => {
		sessions.add(session);
		session.once("close", () => sessions.delete(session));
		session.on("error", () => {});
	});
	server.on("stream", (stream, headers) => {
		stream.on("error", () => {});
		handler(stream, headers);
	});
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	const stop = async () => {
		for (const session of sessions) session.destroy();
		if (server.listening) await new Promise((resolve) => server.close(resolve));
	};
	t.teardown(stop);
	const address = server.address() as AddressInfo;
	return { port: address.port, url: `https://127.0.0.1:${address.port}`, sessions, stop };
}

function connect(t: ExecutionContext, server: string, options: Partial<HttpsTransportOptions> = {}) {
	const transport = httpsTransport({
		server,
		ca: testCertificate,
		clock: systemClock,
		log: silentLogger,
		...options,
	});
	t.teardown(() => transport.close());
	return transport;
}

const answer = (stream: ServerHttp2Stream, code: number, body: unknown) => {
	stream.respond({ ":status": code, "content-type": "application/json" });
	stream.end(JSON.stringify(body));
};

async function bodyOf(stream: ServerHttp2Stream): Promise<string> {
	let text = "";
	for await (const chunk of stream) text += chunk;
	return text;
}

const event = (name: string) => ({ type: "ADDED", object: { metadata: { name, resourceVersion: "1" } } });

test("a call carries method, path, query, body and token, and answers with the body", async (t) => {
	const { url } = await serve(t, async (stream, headers) => {
		answer(stream, 201, { headers, body: await bodyOf(stream) });
	});
	const transport = connect(t, url, { token: "secret" });
	const { headers, body } = (await transport.call({
		method: "POST",
		path: "/api/v1/namespaces/default/pods",
		query: { fieldManager: "a b", dryRun: undefined },
		body: { kind: "Pod" },
	})) as { headers: Record<string, string>; body: string };
	t.is(headers[":path"], "/api/v1/namespaces/default/pods?fieldManager=a+b");
	t.is(headers[":method"], "POST");
	t.is(headers.authorization, "Bearer secret");
	t.is(headers["content-type"], "application/json");
	t.is(body, '{"kind":"Pod"}');
});

test("a Status becomes a StatusError, anything else as well", async (t) => {
	const { url } = await serve(t, (stream, headers) => {
		if (headers[":path"] === "/status") answer(stream, 404, notFound({ resource: "pods" }, "web").status);
		else {
			stream.respond({ ":status": 503 });
			stream.end("upstream is away");
		}
	});
	const transport = connect(t, url);
	const named = await t.throwsAsync(transport.call({ method: "GET", path: "/status" }));
	t.true(hasReason(named, "NotFound"));
	t.is(named.message, 'pods "web" not found');
	const unnamed = await t.throwsAsync(transport.call({ method: "GET", path: "/else" }));
	t.true(hasReason(unnamed, "ServiceUnavailable"));
	t.is(unnamed.message, "upstream is away");
});

test("many calls share one connection", async (t) => {
	const { url, sessions } = await serve(t, (stream, headers) => answer(stream, 200, headers[":path"]));
	const transport = connect(t, url);
	const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
	t.deepEqual(await Promise.all(paths.map((path) => transport.call({ method: "GET", path }))), paths);
	t.is(sessions.size, 1);
});

test("another identity is shown on a new connection; what is open goes on, and the old connection ends with it", async (t) => {
	let watched: ServerHttp2Stream | undefined;
	const { url, sessions } = await serve(t, (stream, headers) => {
		if (!`${headers[":path"]}`.includes("watch=true")) return answer(stream, 200, {});
		watched = stream;
		stream.respond({ ":status": 200 });
		stream.write(`${JSON.stringify(event("one"))}\n`);
	});
	let identity = { certificate: testCertificate, key: testKey };
	const transport = connect(t, url, { identity: () => identity });
	const seen = (await transport.watch({ method: "GET", path: "/api/v1/pods" }))[Symbol.asyncIterator]();
	t.is((await seen.next()).value?.object.metadata.name, "one");
	await transport.call({ method: "GET", path: "/api/v1/nodes" });
	t.is(sessions.size, 1);
	identity = { ...identity };
	await transport.call({ method: "GET", path: "/api/v1/nodes" });
	await transport.call({ method: "GET", path: "/api/v1/nodes" });
	t.is(sessions.size, 2);
	watched?.write(`${JSON.stringify(event("two"))}\n`);
	t.is((await seen.next()).value?.object.metadata.name, "two");
	const [old] = sessions;
	const closed = once(old ?? t.fail(), "close");
	watched?.end();
	t.true((await seen.next()).done);
	await closed;
	t.is(sessions.size, 1);
});

test("a watch yields events as they come, cut at any byte, and ends with the stream", async (t) => {
	const { url } = await serve(t, async (stream) => {
		stream.respond({ ":status": 200 });
		const bytes = Buffer.from(`${JSON.stringify(event("ä"))}\n${JSON.stringify(event("b"))}\n{"type":"ADD`);
		for (const byte of bytes) {
			stream.write(Buffer.of(byte));
			await new Promise((resolve) => setImmediate(resolve));
		}
		stream.end();
	});
	const transport = connect(t, url);
	const events: WatchEvent[] = [];
	for await (const each of await transport.watch({ method: "GET", path: "/w" })) events.push(each);
	t.deepEqual(events, [event("ä"), event("b")] as WatchEvent[]);
	t.true(Object.isFrozen(events[0]?.object));
});

test("a refused watch throws what the server says", async (t) => {
	const { url } = await serve(t, (stream, headers) => {
		t.is(headers[":path"], "/w?watch=true");
		answer(stream, 404, notFound({ resource: "pods" }, "x").status);
	});
	t.true(hasReason(await t.throwsAsync(connect(t, url).watch({ method: "GET", path: "/w" })), "NotFound"));
});

test("a line without end is an error, not memory", async (t) => {
	const { url } = await serve(t, (stream) => {
		stream.respond({ ":status": 200 });
		const piece = Buffer.alloc(1 << 20, "x");
		const more = () => {
			while (!stream.destroyed && stream.write(piece));
		};
		stream.on("drain", more);
		more();
	});
	const events = await connect(t, url).watch({ method: "GET", path: "/w" });
	const error = await t.throwsAsync(async () => {
		for await (const _ of events);
	});
	t.true(error instanceof ConnectionError);
	t.regex(error.message, /longer than/);
});

test("aborting ends a watch quietly, and a call with the signal's reason; the server sees both go", async (t) => {
	let closed = 0;
	const { url } = await serve(t, (stream, headers) => {
		stream.once("close", () => closed++);
		if (headers[":path"]?.startsWith("/w")) {
			stream.respond({ ":status": 200 });
			stream.write(`${JSON.stringify(event("a"))}\n`);
		}
	});
	const transport = connect(t, url);
	const stop = new AbortController();
	const events: unknown[] = [];
	for await (const each of await transport.watch({ method: "GET", path: "/w", signal: stop.signal })) {
		events.push(each);
		stop.abort();
	}
	t.is(events.length, 1);
	const reason = new Error("enough");
	const impatient = new AbortController();
	const call = transport.call({ method: "GET", path: "/hang", signal: impatient.signal });
	setTimeout(() => impatient.abort(reason), 20);
	t.is(await t.throwsAsync(call), reason);
	while (closed < 2) await new Promise((resolve) => setTimeout(resolve, 5));
	t.pass();
});

test("a reader that walks away closes the stream", async (t) => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const { url } = await serve(t, (stream) => {
		stream.once("close", resolve);
		stream.respond({ ":status": 200 });
		stream.write(`${JSON.stringify(event("a"))}\n`);
	});
	for await (const _ of await connect(t, url).watch({ method: "GET", path: "/w" })) break;
	await promise;
	t.pass();
});

test("a call without an answer ends after the time limit", async (t) => {
	const { url } = await serve(t, () => {});
	const transport = connect(t, url, { timeout: 50 });
	const error = await t.throwsAsync(transport.call({ method: "GET", path: "/hang" }));
	t.true(error instanceof ConnectionError);
	t.regex(error.message, /GET .*\/hang: no answer within/);
});

test("nobody listening: an error that names the server; once somebody does, it works", async (t) => {
	const first = await serve(t, (stream) => answer(stream, 200, "first"));
	await first.stop();
	const transport = connect(t, first.url);
	const error = await t.throwsAsync(transport.call({ method: "GET", path: "/" }));
	t.true(error instanceof ConnectionError);
	t.regex(error.message, /cannot reach https:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
	await serve(t, (stream) => answer(stream, 200, "second"), first.port);
	t.is(await transport.call({ method: "GET", path: "/" }), "second");
});

test("a server that says goodbye is asked again on a new connection", async (t) => {
	const { url, sessions } = await serve(t, (stream) => answer(stream, 200, "here"));
	const transport = connect(t, url);
	await transport.call({ method: "GET", path: "/" });
	for (const session of sessions) session.goaway();
	await new Promise((resolve) => setTimeout(resolve, 20));
	t.is(await transport.call({ method: "GET", path: "/" }), "here");
});

test("a certificate of an unknown authority is refused", async (t) => {
	const { url } = await serve(t, (stream) => answer(stream, 200, "here"));
	const transport = connect(t, url, { ca: undefined });
	t.regex((await t.throwsAsync(transport.call({ method: "GET", path: "/" }))).message, /self-signed/);
	t.is(await connect(t, url, { ca: undefined, insecure: true }).call({ method: "GET", path: "/" }), "here");
});

test("a peer that vanished without a word is found by its missing answer to a ping", async (t) => {
	const { port } = await serve(t, (stream) => {
		stream.respond({ ":status": 200 });
		stream.write(`${JSON.stringify(event("a"))}\n`);
	});
	// A road on which, from some moment on, nothing passes any more and nobody is told.
	const sockets: Socket[] = [];
	const road = createServer((near) => {
		const far = connectTcp(port, "127.0.0.1");
		sockets.push(near, far);
		for (const socket of [near, far]) socket.on("error", () => {});
		near.pipe(far);
		far.pipe(near);
	});
	road.listen(0, "127.0.0.1");
	await once(road, "listening");
	t.teardown(() => {
		for (const socket of sockets) socket.destroy();
		road.close();
	});
	const clock = createFakeClock();
	const transport = connect(t, `https://127.0.0.1:${(road.address() as AddressInfo).port}`, { clock });
	const events = (await transport.watch({ method: "GET", path: "/w" }))[Symbol.asyncIterator]();
	t.is((await events.next()).value.type, "ADDED");
	for (const socket of sockets) socket.unpipe().pause();
	const next = events.next();
	await clock.advance(10_001);
	const error = await t.throwsAsync(next);
	t.true(error instanceof ConnectionError);
});

test("closing ends what is open and leaves no timer", async (t) => {
	const { url } = await serve(t, (stream) => answer(stream, 200, "here"));
	const clock = createFakeClock();
	const transport = connect(t, url, { clock });
	await transport.call({ method: "GET", path: "/" });
	await transport.close();
	t.is(clock.pending, 0);
	t.true((await t.throwsAsync(transport.call({ method: "GET", path: "/" }))) instanceof ConnectionError);
});
