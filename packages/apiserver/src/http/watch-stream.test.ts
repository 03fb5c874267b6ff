import { EventEmitter } from "node:events";
import { ConfigMap, systemClock } from "@berth/api";
import test from "ava";
import type { OutgoingEvent } from "../registry/request.ts";
import type { Context } from "./context.ts";
import { createEncodings } from "./encodings.ts";
import { JSON_OBJECT } from "./negotiation.ts";
import { streamWatch } from "./watch-stream.ts";

/** A response whose reader decides when there is room, and a source that counts what is taken from it. */
function setUp() {
	const res = Object.assign(new EventEmitter(), {
		room: false,
		written: [] as string[],
		ended: false,
		write(chunk: Buffer) {
			this.written.push(chunk.toString());
			return this.room;
		},
		end() {
			this.ended = true;
		},
		destroy() {},
	});
	const gone = new AbortController();
	const ctx = {
		res,
		state: { signal: gone.signal },
		set: () => {},
		flushHeaders: () => {},
	} as unknown as Context;
	let taken = 0;
	let disposed = 0;
	async function* events(): AsyncGenerator<readonly OutgoingEvent[]> {
		for (;;) {
			taken += 1;
			yield [{ type: "BOOKMARK", revision: taken }];
		}
	}
	const watch = {
		events: events(),
		[Symbol.asyncDispose]: async () => {
			disposed += 1;
		},
	};
	const options = { rendition: JSON_OBJECT, includeObject: "Object", now: 0, pretty: false } as const;
	const done = streamWatch(ctx, { type: "watch", kind: ConfigMap, watch }, options, {
		clock: systemClock,
		encodings: createEncodings(),
	});
	return { res, gone, done, taken: () => taken, disposed: () => disposed };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("nothing is taken from the watch while the client has not read", async (t) => {
	const { res, gone, done, taken, disposed } = setUp();
	for (let i = 0; i < 10; i += 1) await turn();
	t.is(taken(), 1);
	res.emit("drain");
	await turn();
	t.is(taken(), 2);
	t.is(
		res.written[1],
		'{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"2","creationTimestamp":null}}}\n',
	);
	gone.abort();
	await done;
	t.true(res.ended);
	t.is(disposed(), 1);
});
