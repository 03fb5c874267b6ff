/** Lengths of time as kubectl prints them. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/**
 * At most two units, the second only where it matters: `90s`, `3m20s`, `4h`, `2d3h`, `47h`, `3y10d`. Takes milliseconds;
 * clocks a second or so apart give `0s`, anything earlier `<invalid>`.
 */
export function humanDuration(ms: number): string {
	const seconds = Math.trunc(ms / SECOND);
	if (seconds < -1) return "<invalid>";
	if (seconds < 0) return "0s";
	const minutes = Math.trunc(ms / MINUTE);
	const hours = Math.trunc(ms / HOUR);
	const days = Math.trunc(ms / DAY);
	const years = Math.trunc(ms / YEAR);
	if (seconds < 120) return `${seconds}s`;
	if (minutes < 10) return pair(minutes, "m", seconds % 60, "s");
	if (minutes < 180) return `${minutes}m`;
	if (hours < 8) return pair(hours, "h", minutes % 60, "m");
	if (hours < 48) return `${hours}h`;
	if (hours < 192) return pair(days, "d", hours % 24, "h");
	if (hours < 24 * 365 * 2) return `${days}d`;
	if (hours < 24 * 365 * 8) return pair(years, "y", days % 365, "d");
	return `${years}y`;
}

const pair = (large: number, unit: string, small: number, smallUnit: string) =>
	small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`;
