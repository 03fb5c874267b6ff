/** Waiting longer after each failure in a row, with jitter so that many clients do not return at the same instant. */

export interface BackoffOptions {
	/** Milliseconds before the first retry. */
	readonly base: number;
	/** Milliseconds never exceeded. */
	readonly cap: number;
	/** In [0, 1). Default `Math.random`. */
	readonly random?: (() => number) | undefined;
}

export interface Backoff {
	/** Milliseconds to wait now: between half and all of `base * 2^failures`. */
	next(): number;
	/** Something worked. */
	reset(): void;
}

export function createBackoff({ base, cap, random = Math.random }: BackoffOptions): Backoff {
	let failures = 0;
	return {
		next: () => {
			const whole = Math.min(cap, base * 2 ** failures);
			failures = Math.min(failures + 1, 30);
			return Math.round(whole / 2 + (whole / 2) * random());
		},
		reset: () => {
			failures = 0;
		},
	};
}
