import test from "ava";
import fc from "fast-check";
import { isTimeZone, parseSchedule, ScheduleError } from "./cron-schedule.ts";

const fields = (text: string) => {
	const schedule = parseSchedule(text);
	if (schedule.type !== "fields") throw new Error("no fields");
	return schedule;
};

test("numbers, names, ranges, steps and lists", (t) => {
	const { minutes, hours, daysOfMonth, months, daysOfWeek } = fields("*/20 8-10 1,15 jan,DEC mon-fri");
	t.deepEqual([...minutes], [0, 20, 40]);
	t.deepEqual([...hours], [8, 9, 10]);
	t.deepEqual([...daysOfMonth], [1, 15]);
	t.deepEqual([...months], [1, 12]);
	t.deepEqual([...daysOfWeek], [1, 2, 3, 4, 5]);
	t.deepEqual([...fields("50/5 * * * *").minutes], [50, 55]);
});

test("a star in one field of days leaves the other to decide", (t) => {
	t.like(fields("0 0 1 * *"), { anyDayOfMonth: false, anyDayOfWeek: true });
	t.like(fields("0 0 * * 1"), { anyDayOfMonth: true, anyDayOfWeek: false });
});

test("descriptors and zones", (t) => {
	t.deepEqual([...fields("@daily").hours], [0]);
	t.deepEqual(parseSchedule("@every 1h30m"), {
		type: "every",
		milliseconds: 5_400_000,
		timeZone: undefined,
	});
	t.is(parseSchedule("CRON_TZ=Asia/Tokyo 0 6 * * *").timeZone, "Asia/Tokyo");
	t.true(isTimeZone("Europe/Berlin"));
	t.false(isTimeZone("+01:00"));
});

for (const [text, message] of [
	["", "empty spec string"],
	["60 * * * *", "end of range (60) above maximum (59): 60"],
	["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
	["5-3 * * * *", "beginning of range (5) beyond end of range (3): 5-3"],
	["*/0 * * * *", "step of range should be a positive number: */0"],
	["1-2-3 * * * *", "too many hyphens: 1-2-3"],
	["@never", "unrecognized descriptor: @never"],
	["x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
] as const)
	test(`refused: ${JSON.stringify(text)}`, (t) => {
		t.throws(() => parseSchedule(text), { instanceOf: ScheduleError, message });
	});

test("any text is a schedule or a schedule error", (t) => {
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-*/,0-9a-z ]{0,20}$/)), (text) => {
			try {
				parseSchedule(text);
			} catch (error) {
				if (!(error instanceof ScheduleError)) throw error;
			}
		}),
	);
	t.pass();
});
