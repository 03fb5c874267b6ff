/**
 * What is passed in rather than reached for: time and the log. Every long-lived part takes these, so tests own them.
 * pino loggers satisfy `Logger`.
 */

export interface Logger {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
	child(fields: object): Logger;
}

export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Runs `callback` once after `delay` milliseconds; the answer cancels it. */
	after(delay: number, callback: () => void): () => void;
	/** Resolves after `delay` milliseconds, or at once (without an error) when the signal aborts. */
	sleep(delay: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	after: (delay, callback) => {
		const timer = setTimeout(callback, delay);
		return () => clearTimeout(timer);
	},
	sleep: (delay, signal) =>
		new Promise((resolve) => {
			if (signal?.aborted) return resolve();
			const done = () => {
				clearTimeout(timer);
				signal?.removeEventListener("abort", done);
				resolve();
			};
			const timer = setTimeout(done, delay);
			signal?.addEventListener("abort", done);
		}),
};

/** Discards everything; for tests and libraries used alone. */
export const silentLogger: Logger = {
	debug: () => {},
	info: () => {},
	warn: () => {},
	error: () => {},
	child: () => silentLogger,
};
