import { PassThrough } from "node:stream";
import { type Clock, ConfigMap, StatusError, systemClock } from "@berth/api";
import test from "ava";
import { readBody } from "./body.ts";
import type { Context } from "./context.ts";
import { createProtobufDecoder } from "./protobuf/decode.ts";

function setUp(headers: Record<string, string> = {}, method = "POST") {
	const req = Object.assign(new PassThrough(), { httpVersionMajor: 1 });
	const set: Record<string, string> = {};
	const ctx = {
		method,
		req,
		get: (name: string) => headers[name] ?? "",
		set: (name: string, value: string) => {
			set[name] = value;
		},
	} as unknown as Context;
	let fire = () => {};
	let pending = 0;
	const clock: Clock = {
		...systemClock,
		after: (_delay, callback) => {
			fire = callback;
			pending += 1;
			return () => {
				pending -= 1;
			};
		},
	};
	const read = () =>
		readBody(
			ctx,
			clock,
			createProtobufDecoder(() => ConfigMap.schema),
		);
	return { req, set, read, fire: () => fire(), pending: () => pending };
}

test("bytes in pieces, or nothing", async (t) => {
	const { req, read, pending } = setUp({ "content-type": "application/json" });
	const body = read();
	req.write('{"a"');
	req.end(":1}");
	t.deepEqual(await body, { raw: Buffer.from('{"a":1}'), contentType: "application/json" });
	t.is(pending(), 0);
	const empty = setUp();
	empty.req.end();
	t.is(await empty.read(), undefined);
	t.is(await setUp({}, "GET").read(), undefined);
});

test("a client that stalls, leaves or sends too much", async (t) => {
	const stalled = setUp();
	const body = stalled.read();
	stalled.req.write("{");
	stalled.fire();
	const late = await t.throwsAsync(body, { instanceOf: StatusError });
	t.is(late.code, 504);
	t.is(stalled.set.Connection, "close");

	const gone = setUp();
	const half = gone.read();
	gone.req.write("{");
	gone.req.destroy();
	t.is((await t.throwsAsync(half, { instanceOf: StatusError })).code, 400);

	const large = setUp();
	const tooLarge = large.read();
	large.req.write(Buffer.alloc(3 * 1024 * 1024 + 1));
	t.is((await t.throwsAsync(tooLarge, { instanceOf: StatusError })).code, 413);
	t.is(
		(await t.throwsAsync(setUp({ "content-length": "99999999" }).read(), { instanceOf: StatusError })).code,
		413,
	);
	t.is(
		(await t.throwsAsync(setUp({ "content-encoding": "gzip" }).read(), { instanceOf: StatusError })).code,
		415,
	);
});
