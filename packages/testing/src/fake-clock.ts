/** A clock that stands still until told to move: tests of minutes take milliseconds and always end the same way. */
import type { Clock } from "@berth/api";

export interface FakeClock extends Clock {
	/**
	 * Moves time on, running what falls due on the way in order of time. Between timers, promises and immediate
	 * callbacks get to run, so that code waiting for one timer can set the next.
	 */
	advance(milliseconds: number): Promise<void>;
	/** Advances from timer to timer until the condition holds. Throws when it does not within `limit` (default an hour). */
	until(condition: () => boolean, limit?: number): Promise<void>;
	/** Timers set and not yet run or cancelled. */
	readonly pending: number;
}

interface Timer {
	readonly at: number;
	readonly order: number;
	readonly run: () => void;
}

/** `start` in milliseconds since the epoch. */
export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
	const timers = new Set<Timer>();
	let now = start;
	let order = 0;

	function after(delay: number, run: () => void) {
		const timer = { at: now + Math.max(0, delay), order: order++, run };
		timers.add(timer);
		return () => void timers.delete(timer);
	}

	function next(): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of timers) {
			if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
				first = timer;
		}
		return first;
	}

	function fire(timer: Timer) {
		timers.delete(timer);
		now = Math.max(now, timer.at);
		timer.run();
	}

	return {
		now: () => now,
		after,
		sleep: (delay, signal) =>
			new Promise((resolve) => {
				if (signal?.aborted) return resolve();
				const done = () => {
					cancel();
					signal?.removeEventListener("abort", done);
					resolve();
				};
				const cancel = after(delay, done);
				signal?.addEventListener("abort", done);
			}),
		advance: async (milliseconds) => {
			const end = now + milliseconds;
			await settled();
			for (let timer = next(); timer && timer.at <= end; timer = next()) {
				fire(timer);
				await settled();
			}
			now = end;
			await settled();
		},
		until: async (condition, limit = 3_600_000) => {
			const end = now + limit;
			await settled();
			while (!condition()) {
				const timer = next();
				if (!timer || timer.at > end) throw new Error("the condition did not come true in time");
				fire(timer);
				await settled();
			}
		},
		get pending() {
			return timers.size;
		},
	};
}

/** Lets everything run that needs no time: two rounds of the event loop, each with all of its promises. */
async function settled() {
	for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
}
