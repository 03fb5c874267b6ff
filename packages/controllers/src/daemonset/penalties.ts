/** How long a node waits until its failed daemon pod is replaced: longer with each failure, forgotten after a while. */
import type { Clock } from "@berth/api";

/** Milliseconds after the first failure, and after any. */
const FIRST = 1_000;
const LONGEST = 900_000;
/** Nodes remembered; beyond that the one that failed longest ago is forgotten. */
const REMEMBERED = 10_000;

export interface Penalties {
	/** Milliseconds left for this key; 0 when a pod may be replaced now. */
	left(key: string): number;
	/** A failed pod is being replaced: the next one waits twice as long. */
	add(key: string): void;
}

export function createPenalties(clock: Clock): Penalties {
	const known = new Map<string, { readonly wait: number; readonly since: number }>();
	return {
		left: (key) => {
			const penalty = known.get(key);
			return penalty ? Math.max(0, penalty.since + penalty.wait - clock.now()) : 0;
		},
		add: (key) => {
			const now = clock.now();
			const last = known.get(key);
			// Whoever has run for twice the longest wait begins anew.
			const goesOn = last && now - last.since <= 2 * LONGEST;
			known.delete(key);
			known.set(key, { wait: goesOn ? Math.min(LONGEST, last.wait * 2) : FIRST, since: now });
			if (known.size > REMEMBERED) for (const oldest of known.keys()) return void known.delete(oldest);
		},
	};
}
