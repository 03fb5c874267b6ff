/** How benchmarks print: one line for each figure, always as a ratio to something measured beside it. */

export interface Figure {
	readonly what: string;
	readonly value: number;
	readonly unit: string;
	/** What it is compared with, measured in the same run. */
	readonly floor: number;
	readonly floorName: string;
}

export function report({ what, value, unit, floor, floorName }: Figure): void {
	const ratio = floor === 0 ? Number.NaN : value / floor;
	console.log(
		`${what.padEnd(34)} ${format(value).padStart(9)} ${unit.padEnd(5)} = ${ratio.toFixed(2).padStart(6)} x ${floorName} (${format(floor)} ${unit})`,
	);
}

/** A figure that has nothing to stand beside. */
export function show(what: string, value: number, unit: string): void {
	console.log(`${what.padEnd(34)} ${format(value).padStart(9)} ${unit}`);
}

const format = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** The middle one: a single slow run of a noisy machine does not show. */
export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
