/** Runs one piece of work again and again: at once when asked while idle, once for a burst, never twice at a time. */
import type { Clock, Logger } from "@berth/api";

export interface TriggerOptions {
	readonly clock: Clock;
	readonly log: Logger;
	/** Least milliseconds from the end of one run to the start of the next. */
	readonly interval: number;
	/** Brings everything up to date. When it fails it runs again after a wait that doubles. */
	readonly work: () => Promise<void>;
}

export interface Trigger {
	/** There is something to do. */
	ask(): void;
	/** Works until the signal aborts; resolves when the last run has ended. */
	run(signal: AbortSignal): Promise<void>;
}

const FIRST_WAIT = 100;
const LONGEST_WAIT = 30_000;

export function createTrigger({ clock, log, interval, work }: TriggerOptions): Trigger {
	let asked = false;
	let wake = () => {};
	let failures = 0;

	async function run(signal: AbortSignal): Promise<void> {
		const stop = () => wake();
		signal.addEventListener("abort", stop, { once: true });
		try {
			while (!signal.aborted) {
				if (!asked) {
					await new Promise<void>((resolve) => {
						wake = resolve;
					});
					continue;
				}
				asked = false;
				await clock.sleep(await attempt(), signal);
			}
		} finally {
			signal.removeEventListener("abort", stop);
		}
	}

	/** Answers the milliseconds until the next. */
	async function attempt(): Promise<number> {
		try {
			await work();
			failures = 0;
			return interval;
		} catch (error) {
			asked = true;
			const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures++, 20));
			log.error({ err: error, retryIn: wait }, "the rules of services could not be brought up to date");
			return wait;
		}
	}

	return {
		ask: () => {
			asked = true;
			wake();
		},
		run,
	};
}
