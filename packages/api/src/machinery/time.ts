/** Times as the API writes them: RFC 3339 text, always UTC on the way out. */

/** `2026-01-02T03:04:05Z`, from milliseconds since the epoch; fractions of a second are cut off. */
export const formatTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** `2026-01-02T03:04:05.678000Z`, from milliseconds since the epoch (thousandths of a millisecond count). */
export function formatMicroTime(ms: number): string {
	const whole = Math.floor(ms);
	const micros = Math.round((ms - whole) * 1000);
	const carried = micros === 1000 ? whole + 1 : whole;
	return `${new Date(carried).toISOString().slice(0, 23)}${String(micros % 1000).padStart(3, "0")}Z`;
}

/** Milliseconds since the epoch. Throws RangeError, in the words of Go's parser, for what is not RFC 3339. */
export function parseTime(text: string): number {
	const match = RFC3339.exec(text);
	if (!match) throw new RangeError(explain(text));
	const [
		,
		year,
		month,
		day,
		hour,
		minute,
		second,
		fraction = "",
		sign,
		offsetHour = "0",
		offsetMinute = "0",
	] = match;
	const date = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!);
	const wrong = outOfRange([+year!, +month!, +day!, +hour!, +minute!, +second!, +offsetHour, +offsetMinute]);
	if (wrong) throw new RangeError(`parsing time ${JSON.stringify(text)}: ${wrong} out of range`);
	const offset = (+offsetHour * 60 + +offsetMinute) * 60_000 * (sign === "-" ? -1 : 1);
	return early(date, +year!) - offset + (fraction ? Number(`0.${fraction}`) * 1000 : 0);
}

/** True for RFC 3339 text that names a real moment. */
export function isTime(text: string): boolean {
	try {
		parseTime(text);
		return true;
	} catch {
		return false;
	}
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const LAYOUT = "2006-01-02T15:04:05Z07:00";

/** `Date.UTC` reads years 0 to 99 as 1900 and later. */
function early(date: number, year: number): number {
	if (year > 99) return date;
	const moved = new Date(date);
	moved.setUTCFullYear(year);
	return moved.getTime();
}

function outOfRange(parts: readonly number[]): string | undefined {
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] =
		parts;
	if (month < 1 || month > 12) return "month";
	if (hour > 23) return "hour";
	if (minute > 59) return "minute";
	if (second > 59) return "second";
	if (offsetHour > 24) return "time zone offset hour";
	if (offsetMinute > 59) return "time zone offset minute";
	return day < 1 || day > daysOf(year, month) ? "day" : undefined;
}

function daysOf(year: number, month: number): number {
	if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
	return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Which element of the layout the text fails at: `cannot parse "x" as "2006"`. */
function explain(text: string): string {
	const head = `parsing time ${JSON.stringify(text)} as ${JSON.stringify(LAYOUT)}`;
	let rest = text;
	for (const [element, pattern] of ELEMENTS) {
		const match = pattern.exec(rest);
		if (!match) return `${head}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element)}`;
		rest = rest.slice(match[0].length);
	}
	return `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`;
}

const ELEMENTS: readonly (readonly [string, RegExp])[] = [
	["2006", /^\d{4}/],
	["-", /^-/],
	["01", /^\d\d/],
	["-", /^-/],
	["02", /^\d\d/],
	["T", /^T/],
	["15", /^\d\d/],
	[":", /^:/],
	["04", /^\d\d/],
	[":", /^:/],
	["05", /^\d\d(?:[.,]\d+)?/],
	["Z07:00", /^(?:Z|[+-]\d\d:\d\d)/],
];
