/** Schedules in the five-field language of cron, with names, steps, `@daily` and `@every 1h30m`. */

/** When something happens: the values of each field that match, or a fixed time apart. */
export type Schedule =
	| {
			readonly type: "fields";
			readonly minutes: ReadonlySet<number>;
			readonly hours: ReadonlySet<number>;
			readonly daysOfMonth: ReadonlySet<number>;
			readonly months: ReadonlySet<number>;
			/** 0 is Sunday. */
			readonly daysOfWeek: ReadonlySet<number>;
			/** Either of the two day fields is enough, unless one of them is a star. */
			readonly anyDayOfMonth: boolean;
			readonly anyDayOfWeek: boolean;
			/** Said in the schedule itself, as `TZ=Asia/Tokyo`. */
			readonly timeZone?: string | undefined;
	  }
	| { readonly type: "every"; readonly milliseconds: number; readonly timeZone?: string | undefined };

/** Why a schedule can not be understood, in the words that users of the reference implementation know. */
export class ScheduleError extends Error {}

/** Throws ScheduleError. */
export function parseSchedule(text: string): Schedule {
	const { timeZone, rest } = zoneOf(text);
	if (rest.startsWith("@")) return { ...described(rest), timeZone };
	const fields = rest.split(/\s+/).filter(Boolean);
	if (fields.length !== FIELDS.length) {
		throw new ScheduleError(`expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`);
	}
	return { ...parseFields(fields), timeZone };
}

/** Whether the tz database knows the zone. The name `Local` is not one. */
export function isTimeZone(name: string): boolean {
	if (!/^[A-Za-z]/.test(name)) return false;
	try {
		new Intl.DateTimeFormat("en", { timeZone: name });
		return true;
	} catch {
		return false;
	}
}

function zoneOf(text: string): { timeZone: string | undefined; rest: string } {
	if (text === "") throw new ScheduleError("empty spec string");
	const said = /^(?:CRON_)?TZ=(\S*)(?:\s+(.*))?$/s.exec(text);
	if (!said) return { timeZone: undefined, rest: text.trim() };
	const [, timeZone = "", rest = ""] = said;
	if (timeZone !== "" && timeZone !== "Local" && !isTimeZone(timeZone)) {
		throw new ScheduleError(`provided bad location ${timeZone}: unknown time zone ${timeZone}`);
	}
	return { timeZone, rest: rest.trim() };
}

interface FieldRange {
	readonly low: number;
	readonly high: number;
	readonly names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Minute, hour, day of the month, month, day of the week. */
const FIELDS: readonly FieldRange[] = [
	{ low: 0, high: 59 },
	{ low: 0, high: 23 },
	{ low: 1, high: 31 },
	{ low: 1, high: 12, names: MONTHS },
	{ low: 0, high: 6, names: DAYS },
];

const DESCRIPTORS: Readonly<Record<string, string>> = {
	"@yearly": "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
	"@monthly": "0 0 1 * *",
	"@weekly": "0 0 * * 0",
	"@daily": "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@hourly": "0 * * * *",
};

const EVERY = "@every ";

function described(text: string): Schedule {
	const fields = Object.hasOwn(DESCRIPTORS, text) ? DESCRIPTORS[text] : undefined;
	if (fields) return parseFields(fields.split(" "));
	if (!text.startsWith(EVERY)) throw new ScheduleError(`unrecognized descriptor: ${text}`);
	const milliseconds = durationOf(text.slice(EVERY.length));
	if (milliseconds === undefined) throw new ScheduleError(`failed to parse duration ${text}`);
	return { type: "every", milliseconds: Math.max(1000, Math.floor(milliseconds / 1000) * 1000) };
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

function durationOf(text: string): number | undefined {
	if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(text)) return undefined;
	const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
	return parts.reduce((sum, [, amount = "0", unit = ""]) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
}

function parseFields(fields: readonly string[]): Schedule {
	const [minutes, hours, daysOfMonth, months, daysOfWeek] = FIELDS.map((range, index) =>
		parseField(fields[index] ?? "", range),
	);
	const none: ReadonlySet<number> = new Set();
	return {
		type: "fields",
		minutes: minutes ?? none,
		hours: hours ?? none,
		daysOfMonth: daysOfMonth ?? none,
		months: months ?? none,
		daysOfWeek: daysOfWeek ?? none,
		anyDayOfMonth: hasStar(fields[2] ?? ""),
		anyDayOfWeek: hasStar(fields[4] ?? ""),
	};
}

const hasStar = (field: string) => field.split(",").some((part) => /^[*?](?:\/1)?$/.test(part));

function parseField(field: string, range: FieldRange): ReadonlySet<number> {
	const values = new Set<number>();
	for (const part of field.split(",")) {
		for (const value of parseRange(part, range)) values.add(value);
	}
	return values;
}

/** `number | name | number "-" number [ "/" number ]`, or a star for all. */
function parseRange(text: string, { low, high, names }: FieldRange): number[] {
	const [span = "", stepText, ...moreSteps] = text.split("/");
	const [startText = "", endText, ...moreEnds] = span.split("-");
	if (moreEnds.length > 0) throw new ScheduleError(`too many hyphens: ${text}`);
	const isStar = startText === "*" || startText === "?";
	const start = isStar ? low : numberOf(startText, names);
	let end = isStar ? high : endText === undefined ? start : numberOf(endText, names);
	if (moreSteps.length > 0) throw new ScheduleError(`too many slashes: ${text}`);
	const step = stepText === undefined ? 1 : numberOf(stepText, undefined);
	if (stepText !== undefined && endText === undefined && !isStar) end = high;
	if (start < low) {
		throw new ScheduleError(`beginning of range (${start}) below minimum (${low}): ${text}`);
	}
	if (end > high) throw new ScheduleError(`end of range (${end}) above maximum (${high}): ${text}`);
	if (start > end) {
		throw new ScheduleError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
	}
	if (step === 0) throw new ScheduleError(`step of range should be a positive number: ${text}`);
	return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

/** Names count from the lowest value of their field. */
function numberOf(text: string, names: readonly string[] | undefined): number {
	const index = names?.indexOf(text.toLowerCase()) ?? -1;
	if (index >= 0) return index + (names === MONTHS ? 1 : 0);
	if (!/^[+-]?\d+$/.test(text)) {
		throw new ScheduleError(
			`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`,
		);
	}
	const value = Number(text);
	if (value < 0) throw new ScheduleError(`negative number (${value}) not allowed: ${text}`);
	return value;
}
