/** The clock of one watch: when it ends, and when a bookmark is due. */
import type { Clock } from "@berth/api";

/** A watch without timeoutSeconds ends after this and up to twice this, so that clients do not return all at once. */
const LIFETIME = 30 * 60_000;
const BOOKMARK_INTERVAL = 60_000;
/** Part of the interval that is random. */
const BOOKMARK_JITTER = 0.25;

export interface WatchTimes {
	/** Time is up or the caller is gone; the last bookmark goes first. */
	over(): boolean;
	bookmarkDue(): boolean;
	bookmarkSent(): void;
	/** Resolves when something above has changed, or somebody called `wake`. */
	change(): Promise<void>;
	wake(): void;
	close(): void;
}

export function createWatchTimes(options: {
	readonly clock: Clock;
	readonly random: () => number;
	readonly timeoutSeconds: number | undefined;
	readonly bookmarks: boolean;
	readonly signal: AbortSignal;
}): WatchTimes {
	const { clock, random, bookmarks, signal } = options;
	const lifetime = options.timeoutSeconds ? options.timeoutSeconds * 1000 : LIFETIME * (1 + random());
	let over = signal.aborted;
	let due = false;
	let woken = false;
	let resolve: (() => void) | undefined;
	let cancelBookmark = () => {};

	const wake = () => {
		woken = true;
		resolve?.();
	};
	const end = () => {
		over = true;
		// A client that starts again from here misses nothing and need not list.
		due = bookmarks && !signal.aborted;
		wake();
	};
	const scheduleBookmark = () => {
		if (!bookmarks || over) return;
		cancelBookmark = clock.after(BOOKMARK_INTERVAL * (1 - BOOKMARK_JITTER * random()), () => {
			due = true;
			wake();
		});
	};
	const cancelEnd = clock.after(lifetime, end);
	signal.addEventListener("abort", end);
	scheduleBookmark();

	return {
		over: () => over,
		bookmarkDue: () => due && !signal.aborted,
		bookmarkSent: () => {
			due = false;
			scheduleBookmark();
		},
		change: async () => {
			if (!woken) {
				await new Promise<void>((done) => {
					resolve = done;
				});
			}
			woken = false;
			resolve = undefined;
		},
		wake,
		close: () => {
			cancelEnd();
			cancelBookmark();
			signal.removeEventListener("abort", end);
		},
	};
}
