import { EventEmitter } from "node:events";
import { type Clock, StatusError, systemClock } from "@berth/api";
import test from "ava";
import type { Context } from "./context.ts";
import { limitInFlight, limitTime } from "./limits.ts";
import { requestInfo } from "./request-info.ts";

const context = (method: string, url: string, groups: string[] = []): Context => {
	const res = Object.assign(new EventEmitter(), { writableFinished: false });
	return {
		method,
		res,
		state: { request: requestInfo(method, url), user: { username: "x", groups } },
	} as unknown as Context;
};
const PODS = "/api/v1/namespaces/a/pods";

test("what is too much at once is told to come back", async (t) => {
	const limit = limitInFlight({ reading: 1, mutating: 1 });
	let finish = () => {};
	const first = limit(context("GET", PODS), () => new Promise<void>((resolve) => (finish = resolve)));
	const refused = await t.throwsAsync(async () => limit(context("GET", PODS), async () => {}), {
		instanceOf: StatusError,
	});
	t.is(refused.code, 429);
	t.is(refused.status.details?.retryAfterSeconds, 1);
	await limit(context("POST", PODS), async () => {});
	await limit(context("GET", `${PODS}?watch=1`), async () => {});
	await limit(context("GET", PODS, ["system:masters"]), async () => {});
	finish();
	await first;
	await limit(context("GET", PODS), async () => {});
	await t.throwsAsync(async () => limit(context("GET", PODS), async () => Promise.reject(new Error("x"))));
	await t.notThrowsAsync(async () => limit(context("GET", PODS), async () => {}));
});

/** A clock whose one timer fires by hand. */
function handClock() {
	let timer: { delay: number; callback: () => void } | undefined;
	const clock: Clock = {
		...systemClock,
		after: (delay, callback) => {
			timer = { delay, callback };
			return () => {
				timer = undefined;
			};
		},
	};
	return { clock, delay: () => timer?.delay, fire: () => timer?.callback() };
}

test("requests have a deadline, shorter when they say so; watches have none", async (t) => {
	const { clock, delay, fire } = handClock();
	const limit = limitTime(clock, new AbortController().signal);
	const run = async (url: string, behind: (ctx: Context) => void) => {
		const ctx = context("GET", url);
		await limit(ctx, async () => behind(ctx));
	};
	await run(PODS, () => t.is(delay(), 60_000));
	t.is(delay(), undefined);
	await run(`${PODS}?timeout=1m0.5s`, () => t.is(delay(), 60_000));
	await run(`${PODS}?timeout=1.5s`, (ctx) => {
		t.is(delay(), 1500);
		fire();
		t.is(ctx.state.signal.reason.code, 504);
	});
	await run(`${PODS}?watch=1&timeout=1s`, () => t.is(delay(), undefined));
	await t.throwsAsync(
		run(`${PODS}?timeout=soon`, () => {}),
		{ message: /invalid timeout/ },
	);
});

test("the signal says that the client is gone, or for watches that the server stops", async (t) => {
	const stopping = new AbortController();
	const limit = limitTime(systemClock, stopping.signal);
	const plain = context("GET", PODS);
	await limit(plain, async () => {
		stopping.abort();
		t.false(plain.state.signal.aborted);
		plain.res.emit("close");
		t.true(plain.state.signal.aborted);
	});
	const watch = context("GET", `${PODS}?watch=1`);
	await limit(watch, async () => t.true(watch.state.signal.aborted));
});
