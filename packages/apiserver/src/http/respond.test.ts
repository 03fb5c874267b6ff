import { gunzipSync } from "node:zlib";
import test from "ava";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const LARGE = 300_000;

let server: TestServer;
test.before(async () => {
	server = await startTestServer();
	for (const name of ["a", "b", "c"]) {
		const body = { metadata: { name }, data: { text: name.repeat(LARGE) } };
		await server.ask("POST", MAPS, { body });
	}
});
test.after.always(() => server[Symbol.asyncDispose]());

test("large lists arrive whole, in slices or compressed", async (t) => {
	const plain = await server.ask("GET", MAPS);
	t.is(plain.headers["content-length"], String(plain.bytes.length));
	t.is(plain.headers["content-encoding"], undefined);
	const texts = plain.json.items.map((item: { data: { text: string } }) => item.data.text);
	t.deepEqual(
		texts,
		["a", "b", "c"].map((name) => name.repeat(LARGE)),
	);
	const packed = await server.ask("GET", MAPS, { headers: { "accept-encoding": "deflate, gzip" } });
	t.is(packed.headers["content-encoding"], "gzip");
	t.regex(packed.headers.vary ?? "", /Accept-Encoding/);
	t.true(packed.bytes.length < plain.bytes.length);
	t.true(gunzipSync(packed.bytes).equals(plain.bytes));
});

test("small answers are sent as they are; a client may refuse compression", async (t) => {
	const small = await server.ask("GET", "/api/v1/namespaces/default", {
		headers: { "accept-encoding": "gzip" },
	});
	t.is(small.headers["content-encoding"], undefined);
	const refused = await server.ask("GET", MAPS, { headers: { "accept-encoding": "gzip;q=0" } });
	t.is(refused.headers["content-encoding"], undefined);
});

test("large documents that are no objects, too", async (t) => {
	const { code, headers, json } = await server.ask("GET", "/openapi/v2");
	t.is(code, 200);
	t.truthy(headers.etag);
	t.is(json.swagger, "2.0");
});

test("HEAD answers the headers alone", async (t) => {
	const plain = await server.ask("GET", MAPS);
	const head = await server.ask("HEAD", MAPS);
	t.is(head.code, 200);
	t.is(head.bytes.length, 0);
	t.is(head.headers["content-length"], plain.headers["content-length"]);
});
