/** Numbers that only look random: the same seed gives the same requests, so that what broke once can be broken again. */

export interface Random {
	/** From 0, below `end`. */
	below(end: number): number;
	/** True in `share` of all cases, 0 to 1. */
	chance(share: number): boolean;
	pick<T>(from: readonly T[]): T;
	/** One of several ways to make something; only the one chosen is made. */
	one<T>(...ways: readonly (() => T)[]): T;
	times<T>(most: number, make: (index: number) => T): T[];
}

/** Mulberry32 over the seed and the number of the request. */
export function random(seed: number, index: number): Random {
	let state = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (end: number) => Math.floor(next() * end);
	const pick = <T>(from: readonly T[]): T => {
		const picked = from[below(from.length)];
		if (picked === undefined && from.length === 0) throw new Error("nothing to pick from");
		return picked as T;
	};
	return {
		below,
		pick,
		chance: (share) => next() < share,
		one: (...ways) => pick(ways)(),
		times: (most, make) => Array.from({ length: below(most + 1) }, (_, i) => make(i)),
	};
}
