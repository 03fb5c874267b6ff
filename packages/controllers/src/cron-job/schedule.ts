/**
 * When a cron job is due. What a schedule says is read as Kubernetes reads it (`parseSchedule`); which minutes that means
 * in a time zone is node-cron's to say: hours that a zone leaves out do not come, hours that it repeats come twice.
 */
import { parseSchedule, type Schedule } from "@berth/api";
import { createTask } from "node-cron";

/** All times in milliseconds since the epoch. */
export interface Times {
	/** The first time after this one; undefined: none within five years. */
	after(time: number): number | undefined;
	/** The latest time after `from` and not after `to`. */
	latest(from: number, to: number): number | undefined;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FAR = 5 * 366 * DAY;

/** `timeZone`: of the tz database; that of this process unless given. Throws ScheduleError. */
export function timesOf(text: string, timeZone?: string): Times {
	const schedule = parseSchedule(text);
	const named = schedule.timeZone === "Local" ? undefined : schedule.timeZone;
	return schedule.type === "every"
		? everySoOften(schedule.milliseconds)
		: fields(schedule, timeZone ?? named);
}

/** Counted from where one looks, in whole seconds. */
function everySoOften(delay: number): Times {
	const after = (time: number) => Math.floor(time / 1000) * 1000 + delay;
	return {
		after,
		latest: (from, to) => {
			const first = after(from);
			return first > to ? undefined : first + Math.floor((to - first) / delay) * delay;
		},
	};
}

type Fields = Extract<Schedule, { type: "fields" }>;

function fields(schedule: Fields, timeZone: string | undefined): Times {
	const isDue = matcher(schedule, timeZone);
	const candidates = minutesOfDay(schedule);
	return {
		after: (time) => {
			for (let day = Math.floor(time / DAY) * DAY; day <= time + FAR; day += DAY) {
				if (!mayBeDue(schedule, day)) continue;
				for (const minute of candidates) {
					const at = day + minute * MINUTE;
					if (at > time && isDue(at)) return at;
				}
			}
			return undefined;
		},
		latest: (from, to) => {
			for (let day = Math.floor(to / DAY) * DAY; day + DAY > from; day -= DAY) {
				if (!mayBeDue(schedule, day)) continue;
				for (const minute of candidates.toReversed()) {
					const at = day + minute * MINUTE;
					if (at > from && at <= to && isDue(at)) return at;
				}
			}
			return undefined;
		},
	};
}

/** Cheap: whether this day of UTC is, somewhere on earth, in part a day of the schedule. */
function mayBeDue(schedule: Fields, time: number): boolean {
	for (const shift of [0, -DAY, DAY]) {
		const date = new Date(time + shift);
		if (!schedule.months.has(date.getUTCMonth() + 1)) continue;
		const isDay = schedule.daysOfMonth.has(date.getUTCDate());
		const isWeekday = schedule.daysOfWeek.has(date.getUTCDay());
		if (needsBoth(schedule) ? isDay && isWeekday : isDay || isWeekday) return true;
	}
	return false;
}

/** Minutes of a day of UTC, in order. Zones are apart by quarters of an hour, so no others can be the schedule's. */
function minutesOfDay({ minutes }: Fields): readonly number[] {
	const anywhere = new Set(
		[...minutes].flatMap((minute) => [0, 15, 30, 45].map((shift) => (minute + shift) % 60)),
	);
	return Array.from({ length: DAY / MINUTE }, (_, minute) => minute).filter((minute) =>
		anywhere.has(minute % 60),
	);
}

/** When both fields of days say something, either of them is enough. */
const needsBoth = ({ anyDayOfMonth, anyDayOfWeek }: Fields) => anyDayOfMonth || anyDayOfWeek;

/** Months have a pattern of their own: together with days node-cron refuses dates that never come. */
function matcher(schedule: Fields, timeZone: string | undefined): (time: number) => boolean {
	const list = (values: ReadonlySet<number>) => [...values].join(",");
	const time = `${list(schedule.minutes)} ${list(schedule.hours)}`;
	const [daysOfMonth, daysOfWeek] = [schedule.daysOfMonth, schedule.daysOfWeek].map(list);
	const days = needsBoth(schedule)
		? [`${time} ${daysOfMonth} * ${daysOfWeek}`]
		: [`${time} ${daysOfMonth} * *`, `${time} * * ${daysOfWeek}`];
	const isDay = days.map((pattern) => matches(pattern, timeZone));
	const isMonth = matches(`* * * ${list(schedule.months)} *`, timeZone);
	return (at) => isDay.some((isSo) => isSo(at)) && isMonth(at);
}

function matches(pattern: string, timeZone: string | undefined): (time: number) => boolean {
	const task = createTask(pattern, () => {}, timeZone === undefined ? {} : { timezone: timeZone });
	// It never runs; node-cron keeps what is not destroyed.
	void task.destroy();
	return (time) => task.match(new Date(time));
}
