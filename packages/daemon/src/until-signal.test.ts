import { EventEmitter } from "node:events";
import test from "ava";
import { untilSignal } from "./until-signal.ts";

function fakeProcess() {
	const codes: number[] = [];
	const exit = (code: number) => void codes.push(code);
	const emitter = Object.assign(new EventEmitter(), { exit });
	return { codes, emitter, from: emitter as unknown as NodeJS.Process };
}

test("the first signal asks, the second exits", (t) => {
	const { codes, emitter, from } = fakeProcess();
	using stop = untilSignal({ from });
	t.false(stop.signal.aborted);
	emitter.emit("SIGTERM", "SIGTERM");
	t.true(stop.signal.aborted);
	t.is(stop.signal.reason.message, "received SIGTERM");
	t.deepEqual(codes, []);
	emitter.emit("SIGINT", "SIGINT");
	t.deepEqual(codes, [130]);
});

test("disposed, it listens no more", (t) => {
	const { emitter, from } = fakeProcess();
	const stop = untilSignal({ from });
	stop[Symbol.dispose]();
	t.is(emitter.listenerCount("SIGTERM") + emitter.listenerCount("SIGINT"), 0);
});
