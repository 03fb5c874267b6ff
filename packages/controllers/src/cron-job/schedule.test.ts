import { ScheduleError } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { getTasks } from "node-cron";
import { timesOf } from "./schedule.ts";

const time = (text: string) => Date.parse(text);
const iso = (ms: number | undefined) =>
	ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);

for (const [schedule, zone, from, next] of [
	["*/5 * * * *", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:05"],
	["*/1 * * * ?", "UTC", "2026-01-01T00:00:30Z", "2026-01-01T00:01"],
	["@hourly", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T01:00"],
	["@hourly", "Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01T00:30"],
	["30 6 * * mon-fri", "Asia/Tokyo", "2026-01-02T00:00:00Z", "2026-01-04T21:30"],
	["0 0 1 jan *", "America/New_York", "2026-01-01T05:00:00Z", "2027-01-01T05:00"],
	["0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T00:00"],
	["0 0 13 * fri", "UTC", "2026-01-01T00:00:00Z", "2026-01-02T00:00"],
	["0 0 */2 * mon", "UTC", "2026-01-01T00:00:00Z", "2026-01-03T00:00"],
	["59 23 31 2 *", "UTC", "2026-01-01T00:00:00Z", undefined],
	["@every 1h30m", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T01:30"],
	["CRON_TZ=Asia/Tokyo 0 9 * * *", undefined, "2026-01-01T00:00:00Z", "2026-01-02T00:00"],
] as const)
	test(`${schedule} in ${zone}`, (t) => {
		const times = timesOf(schedule, zone);
		const found = times.after(time(from));
		t.is(iso(found), next);
		if (found === undefined) return;
		t.is(times.latest(time(from), found), found);
		t.is(times.latest(time(from), found + 30_000), found);
		t.is(times.latest(time(from), found - 1), undefined);
	});

test("an hour that a zone leaves out does not come, one that it repeats comes twice", (t) => {
	const times = timesOf("30 2 * * *", "Europe/Berlin");
	t.is(iso(times.after(time("2026-03-28T12:00:00Z"))), "2026-03-30T00:30");
	const first = times.after(time("2026-10-24T12:00:00Z"));
	t.is(iso(first), "2026-10-25T00:30");
	t.is(iso(times.after(first ?? 0)), "2026-10-25T01:30");
});

test("@every counts from where one looks", (t) => {
	const times = timesOf("@every 90s");
	t.is(times.latest(1_000, 300_000), 271_000);
	t.is(times.latest(1_000, 90_999), undefined);
});

const field = (low: number, high: number) =>
	fc.oneof(
		fc.constant("*"),
		fc.integer({ min: low, max: high }).map(String),
		fc.integer({ min: 1, max: 9 }).map((step) => `*/${step}`),
		fc
			.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
			.map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
	);

test("what comes next is the latest when it has come, and there is nothing in between", (t) => {
	const schedules = fc
		.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
		.map((fields) => fields.join(" "));
	const zones = fc.constantFrom("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Europe/London");
	fc.assert(
		fc.property(schedules, zones, fc.nat(1_000_000), (schedule, zone, minutes) => {
			const times = timesOf(schedule, zone);
			const from = time("2026-01-01T00:00:00Z") + minutes * 60_000;
			const next = times.after(from);
			if (next === undefined) return;
			t.is(times.latest(from, next), next);
			t.is(times.latest(from, next - 1), undefined);
		}),
		{ numRuns: 20 },
	);
});

test("nothing of node-cron stays behind, and what is no schedule is told as one", (t) => {
	timesOf("* * * * *", "UTC");
	t.is(getTasks().size, 0);
	t.throws(() => timesOf("61 * * * *"), { instanceOf: ScheduleError });
});
