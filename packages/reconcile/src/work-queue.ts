/**
 * Keys waiting to be looked at. A key is in the queue once however often it is added, and is never handed to two workers
 * at a time: added while it is worked on, it comes again afterwards. No event and no object is ever queued.
 */
import type { Clock } from "@berth/api";

export interface WorkQueue {
	add(key: string): void;
	/** Adds the key after so many milliseconds, or a day when that is sooner; of several delays for one key the earliest counts. */
	addAfter(key: string, delay: number): void;
	/** Adds the key after a wait that doubles with each failure in a row; answers the wait in milliseconds. */
	retry(key: string): number;
	/** The key settled: its next failure is its first. */
	forget(key: string): void;
	/** The next key, once there is one; undefined when the queue is closed. Every key taken must be given to `done`. */
	take(): Promise<string | undefined>;
	done(key: string): void;
	/** Keys ready to be taken. */
	readonly length: number;
	/** Drops what waits, and ends every `take`. Keys already taken are their workers' to finish. */
	close(): void;
}

export interface WorkQueueOptions {
	readonly clock: Clock;
	/** Milliseconds before the first retry. Default 5. */
	readonly base?: number;
	/** Longest wait before a retry, in milliseconds. Default one minute. */
	readonly cap?: number;
}

/** Timers of Node count no further than 24 days, and fire at once beyond; looking again too early is harmless. Milliseconds. */
const LONGEST = 24 * 3_600_000;

export function createWorkQueue({ clock, base = 5, cap = 60_000 }: WorkQueueOptions): WorkQueue {
	const ready = new Set<string>();
	const working = new Set<string>();
	/** Added while worked on. */
	const again = new Set<string>();
	const delayed = new Map<string, { at: number; cancel: () => void }>();
	const failures = new Map<string, number>();
	const takers: ((key: string | undefined) => void)[] = [];
	let closed = false;

	function add(key: string) {
		if (closed) return;
		if (working.has(key)) again.add(key);
		else {
			ready.add(key);
			hand();
		}
	}

	function hand() {
		while (takers.length > 0) {
			const [key] = ready;
			if (key === undefined) return;
			ready.delete(key);
			working.add(key);
			takers.shift()?.(key);
		}
	}

	function addAfter(key: string, delay: number) {
		if (closed) return;
		if (delay <= 0) return add(key);
		const wait = Math.min(delay, LONGEST);
		const at = clock.now() + wait;
		const earlier = delayed.get(key);
		if (earlier && earlier.at <= at) return;
		earlier?.cancel();
		const cancel = clock.after(wait, () => {
			delayed.delete(key);
			add(key);
		});
		delayed.set(key, { at, cancel });
	}

	return {
		add,
		addAfter,
		retry: (key) => {
			const failed = failures.get(key) ?? 0;
			failures.set(key, failed + 1);
			const wait = Math.min(cap, base * 2 ** Math.min(failed, 40));
			addAfter(key, wait);
			return wait;
		},
		forget: (key) => {
			failures.delete(key);
		},
		take: () =>
			new Promise((resolve) => {
				if (closed) return resolve(undefined);
				takers.push(resolve);
				hand();
			}),
		done: (key) => {
			working.delete(key);
			if (again.delete(key)) add(key);
		},
		get length() {
			return ready.size;
		},
		close: () => {
			closed = true;
			ready.clear();
			again.clear();
			for (const { cancel } of delayed.values()) cancel();
			delayed.clear();
			for (const taker of takers.splice(0)) taker(undefined);
		},
	};
}
