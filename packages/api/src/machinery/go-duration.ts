/** Lengths of time as Go writes them, `1h30m0s`: JSON has the text, protobuf the nanoseconds. */

const UNITS: Readonly<Record<string, number>> = {
	h: 3_600e9,
	m: 60e9,
	s: 1e9,
	ms: 1e6,
	us: 1e3,
	µs: 1e3,
	μs: 1e3,
	ns: 1,
};

/** Nanoseconds; what is no duration counts nothing. */
export function parseGoDuration(text: string): number {
	let total = 0;
	for (const [, amount, unit = ""] of text.matchAll(/(\d+\.?\d*|\.\d+)(h|ms|m|us|µs|μs|s|ns)/g)) {
		total += Number(amount) * (UNITS[unit] ?? 0);
	}
	return Math.round(text.startsWith("-") ? -total : total);
}

export function formatGoDuration(nanoseconds: number): string {
	if (nanoseconds === 0) return "0s";
	const sign = nanoseconds < 0 ? "-" : "";
	const length = Math.abs(nanoseconds);
	for (const [unit, size] of [
		["ns", 1],
		["µs", 1e3],
		["ms", 1e6],
	] as const) {
		if (length < 1000 * size) return `${sign}${length / size}${unit}`;
	}
	const hours = Math.floor(length / 3600e9);
	const minutes = Math.floor(length / 60e9) % 60;
	const seconds = Number(((length % 60e9) / 1e9).toFixed(9));
	const head = hours ? `${hours}h${minutes}m` : minutes ? `${minutes}m` : "";
	return `${sign}${head}${seconds}s`;
}
