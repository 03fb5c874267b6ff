import test from "ava";
import fc from "fast-check";
import { delayOf, nextBackoff, restartAt } from "./backoff.ts";

const ended = (backoff: number, ran: number) => ({ backoff, startedAt: 0, finishedAt: ran });

test("at once, then 10 s, doubling to five minutes", (t) => {
	const delays: number[] = [];
	let backoff = 0;
	for (let restart = 0; restart < 8; restart += 1) {
		delays.push(delayOf(ended(backoff, 100)) / 1000);
		backoff = nextBackoff(ended(backoff, 100));
	}
	t.deepEqual(delays, [0, 10, 20, 40, 80, 160, 300, 300]);
});

test("ten minutes of running are a clean record", (t) => {
	const long = ended(300_000, 600_000);
	t.is(restartAt(long), long.finishedAt);
	t.is(nextBackoff(long), 10_000);
	t.is(restartAt(ended(300_000, 599_999)), 599_999 + 300_000);
});

test("no wait is longer than five minutes, and none comes before its time", (t) => {
	fc.assert(
		fc.property(fc.constantFrom(0, 10_000, 160_000, 300_000), fc.nat(2_000_000), (backoff, ran) => {
			const container = ended(backoff, ran);
			t.true(restartAt(container) >= container.finishedAt);
			t.true(nextBackoff(container) >= 10_000 && nextBackoff(container) <= 300_000);
		}),
	);
});
