/**
 * Which number a request without a wish gets. The first part of a range is left to those who choose their own, as long as
 * there is room behind it: Kubernetes' static band.
 */

export interface Pool {
	/** Numbers are 0 to size - 1. */
	readonly size: number;
	/** Length of the static band at the start. */
	readonly band: number;
	readonly isTaken: (index: number) => boolean;
	/** Uniform in [0, 1). */
	readonly random: () => number;
}

/** Undefined when everything is taken. */
export function pick({ size, band, isTaken, random }: Pool): number | undefined {
	return probe(band, size, isTaken, random) ?? probe(0, band, isTaken, random);
}

/** At random, then onwards from there: no address is given out again at once, as long as there are others. */
function probe(
	from: number,
	to: number,
	isTaken: (index: number) => boolean,
	random: () => number,
): number | undefined {
	const length = to - from;
	const start = Math.floor(random() * length);
	for (let i = 0; i < length; i += 1) {
		const index = from + ((start + i) % length);
		if (!isTaken(index)) return index;
	}
	return undefined;
}

/** Between 16 and 256 addresses: a sixteenth of the range. */
export const addressBand = (size: number): number => band(size, 16, 256);

/** Between 16 and 128 ports: a thirty-second of the range. */
export const portBand = (size: number): number => band(size, 32, 128);

const SMALLEST_BAND = 16;

/** A range too small to share has no band. */
function band(size: number, part: number, most: number): number {
	if (size < SMALLEST_BAND) return 0;
	return Math.min(Math.max(SMALLEST_BAND, Math.floor(size / part)), most);
}
