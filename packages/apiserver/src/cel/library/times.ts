/** Parts of timestamps, also as a time zone sees them, and of durations. */
import { type Declared, method } from "../language/declarations.ts";
import { DURATION, INT, STRING, TIMESTAMP } from "../language/types.ts";
import { CelError } from "../runtime/errors.ts";
import type { CelValue } from "../runtime/values.ts";
import { nanos, string } from "./arguments.ts";

const MILLI = 1_000_000n;
const SECOND = 1_000_000_000n;

/** What a clock on the wall in that place shows, read as if it were UTC. */
const PARTS: Readonly<Record<string, (wall: Date) => number>> = {
	getFullYear: (wall) => wall.getUTCFullYear(),
	getMonth: (wall) => wall.getUTCMonth(),
	getDate: (wall) => wall.getUTCDate(),
	getDayOfMonth: (wall) => wall.getUTCDate() - 1,
	getDayOfWeek: (wall) => wall.getUTCDay(),
	getDayOfYear: (wall) => Math.floor((wall.getTime() - Date.UTC(wall.getUTCFullYear(), 0, 1)) / 86_400_000),
	getHours: (wall) => wall.getUTCHours(),
	getMinutes: (wall) => wall.getUTCMinutes(),
	getSeconds: (wall) => wall.getUTCSeconds(),
	getMilliseconds: (wall) => wall.getUTCMilliseconds(),
};

export const times: readonly Declared[] = [
	...Object.entries(PARTS).flatMap(([name, part]) => {
		const call = ([time, zone]: readonly CelValue[]) =>
			BigInt(part(wallOf(nanos(time), zone === undefined ? "UTC" : string(zone))));
		return [method(name, [TIMESTAMP], INT, call), method(name, [TIMESTAMP, STRING], INT, call)];
	}),
	method("getHours", [DURATION], INT, ([length]) => nanos(length) / (3600n * SECOND)),
	method("getMinutes", [DURATION], INT, ([length]) => nanos(length) / (60n * SECOND)),
	method("getSeconds", [DURATION], INT, ([length]) => nanos(length) / SECOND),
	method("getMilliseconds", [DURATION], INT, ([length]) => nanos(length) / MILLI),
];

function wallOf(time: bigint, zone: string): Date {
	const ms = Number(time >= 0n ? time / MILLI : (time - MILLI + 1n) / MILLI);
	return new Date(ms + offsetOf(zone, ms));
}

/** Milliseconds ahead of UTC: `+05:30`, `-08:00`, or a name such as `Europe/Vienna`. */
function offsetOf(zone: string, ms: number): number {
	if (zone === "UTC" || zone === "") return 0;
	const fixed = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
	if (fixed) return (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000 * (fixed[1] === "-" ? -1 : 1);
	try {
		const format = new Intl.DateTimeFormat("en-US", {
			timeZone: zone,
			calendar: "iso8601",
			hourCycle: "h23",
			year: "numeric",
			month: "numeric",
			day: "numeric",
			hour: "numeric",
			minute: "numeric",
			second: "numeric",
		});
		const parts = Object.fromEntries(
			format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
		);
		const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
		return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
	} catch {
		throw new CelError(`unknown time zone ${zone}`);
	}
}
