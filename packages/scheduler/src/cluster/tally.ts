/** How many there are of each; what there is none of is not kept. */
export interface Tally<K> {
	count(key: K, by: 1 | -1): void;
	has(key: K): boolean;
	of(key: K): number;
	present(): Iterable<K>;
}

export function createTally<K>(): Tally<K> {
	const counts = new Map<K, number>();
	return {
		count: (key, by) => {
			const count = (counts.get(key) ?? 0) + by;
			if (count > 0) counts.set(key, count);
			else counts.delete(key);
		},
		has: (key) => counts.has(key),
		of: (key) => counts.get(key) ?? 0,
		present: () => counts.keys(),
	};
}
