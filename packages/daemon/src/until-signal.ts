import process from "node:process";

export interface UntilSignalOptions {
	/** Where signals come from and an exit goes to; the process itself, but for tests. */
	readonly from?: Pick<NodeJS.Process, "on" | "off" | "exit">;
}

export interface UntilSignal extends Disposable {
	/** Aborts at the first SIGTERM or SIGINT; its reason names the signal. */
	readonly signal: AbortSignal;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
const NUMBERS = { SIGTERM: 15, SIGINT: 2 } as const;

/** Asks for an ordered stop at the first signal; the second exits at once with the code a shell expects. */
export function untilSignal({ from = process }: UntilSignalOptions = {}): UntilSignal {
	const controller = new AbortController();
	const received = (name: (typeof SIGNALS)[number]) => {
		if (controller.signal.aborted) from.exit(128 + NUMBERS[name]);
		controller.abort(new Error(`received ${name}`));
	};
	for (const name of SIGNALS) from.on(name, received);
	return {
		signal: controller.signal,
		[Symbol.dispose]: () => {
			for (const name of SIGNALS) from.off(name, received);
		},
	};
}
