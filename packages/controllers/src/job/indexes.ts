/** Sets of completion indexes, written as `1,3-5,7` in statuses and policies. Pure; as large as their text, not as their numbers. */

/** Runs of indexes, both ends included: in order, apart from one another. */
export type Indexes = readonly (readonly [first: number, last: number])[];

export const NO_INDEXES: Indexes = [];

/** What a status says; indexes from `limit` on are left out, and what cannot be read counts as nothing. */
export function parseIndexes(text: string | undefined | null, limit: number): Indexes {
	const runs: [number, number][] = [];
	for (const part of text ? text.split(",") : []) {
		if (!RUN.test(part)) continue;
		const [first = 0, last = first] = part.split("-").map(Number);
		if (first <= last && first < limit) runs.push([first, Math.min(last, limit - 1)]);
	}
	return merged(runs);
}

const RUN = /^\d{1,10}(?:-\d{1,10})?$/;

/** Two neighbours are written with a comma, three and more with a hyphen. */
export const formatIndexes = (indexes: Indexes): string =>
	indexes
		.map(([first, last]) =>
			first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`,
		)
		.join(",");

export const countIndexes = (indexes: Indexes): number =>
	indexes.reduce((sum, [first, last]) => sum + last - first + 1, 0);

export function hasIndex(indexes: Indexes, index: number): boolean {
	let low = 0;
	let high = indexes.length - 1;
	while (low <= high) {
		const middle = (low + high) >> 1;
		const [first, last] = indexes[middle] ?? [0, 0];
		if (index < first) high = middle - 1;
		else if (index > last) low = middle + 1;
		else return true;
	}
	return false;
}

export const withIndexes = (indexes: Indexes, more: Iterable<number>): Indexes => {
	const added = Array.from(more, (index): [number, number] => [index, index]);
	return added.length ? merged([...indexes, ...added]) : indexes;
};

/** How many are in both. */
export function countShared(one: Indexes, other: Indexes): number {
	let shared = 0;
	let from = 0;
	for (const [first, last] of one) {
		while (from < other.length && (other[from]?.[1] ?? 0) < first) from++;
		for (let at = from; at < other.length; at++) {
			const [otherFirst, otherLast] = other[at] ?? [0, 0];
			if (otherFirst > last) break;
			shared += Math.min(last, otherLast) - Math.max(first, otherFirst) + 1;
		}
	}
	return shared;
}

/** The first `count` indexes below `limit` that are not in `taken` and that `isFree` lets pass. */
export function firstIndexes(
	count: number,
	limit: number,
	taken: Indexes,
	isFree: (index: number) => boolean,
): number[] {
	const found: number[] = [];
	let from = 0;
	for (const [first, last] of [...taken, [limit, limit] as const]) {
		for (let index = from; index < first && index < limit && found.length < count; index++)
			if (isFree(index)) found.push(index);
		from = last + 1;
	}
	return found;
}

/** Those of either. */
export const union = (one: Indexes, other: Indexes): Indexes => merged([...one, ...other]);

function merged(runs: readonly (readonly [number, number])[]): Indexes {
	const result: [number, number][] = [];
	for (const [first, last] of runs.toSorted((a, b) => a[0] - b[0])) {
		const previous = result.at(-1);
		if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
		else result.push([first, last]);
	}
	return result;
}
