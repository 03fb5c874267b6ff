/** Ordered stop: what was opened last is closed first, and nothing that hangs keeps the rest from closing. */

export interface Stopper {
	/** `stop` is called once, after everything added later has stopped. Added while stopping: called at once. */
	add(name: string, stop: () => void | Promise<void>): void;
	/** Resolves when all have stopped or had their time; the same promise for every caller. Never rejects. */
	stop(): Promise<void>;
}

export interface StopperOptions {
	readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
	/** Milliseconds each part may take. Default 10 s. */
	readonly patience?: number;
	/** Runs a callback after so many milliseconds; the answer cancels it. Default: a timer. */
	readonly after?: (milliseconds: number, callback: () => void) => () => void;
}

export function createStopper({ log, patience = 10_000, after = timer }: StopperOptions): Stopper {
	const parts: { name: string; stop: () => void | Promise<void> }[] = [];
	let stopping: Promise<void> | undefined;

	async function stopAll() {
		for (let part = parts.pop(); part; part = parts.pop()) await stopOne(part.name, part.stop);
	}

	async function stopOne(name: string, stop: () => void | Promise<void>) {
		const { promise: late, resolve } = Promise.withResolvers<"late">();
		const cancel = after(patience, () => resolve("late"));
		try {
			const outcome = await Promise.race([Promise.resolve().then(stop), late]);
			if (outcome === "late") log.warn({ part: name, milliseconds: patience }, "did not stop in time");
			else log.info({ part: name }, "stopped");
		} catch (error) {
			log.warn({ part: name, err: error }, "failed while stopping");
		} finally {
			cancel();
		}
	}

	return {
		add: (name, stop) => {
			if (stopping) void stopOne(name, stop);
			else parts.push({ name, stop });
		},
		stop: () => {
			stopping ??= stopAll();
			return stopping;
		},
	};
}

function timer(milliseconds: number, callback: () => void) {
	const handle = setTimeout(callback, milliseconds);
	return () => clearTimeout(handle);
}
