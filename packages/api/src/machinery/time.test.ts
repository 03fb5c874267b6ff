import test from "ava";
import fc from "fast-check";
import { formatMicroTime, formatTime, isTime, parseTime } from "./time.ts";

test("times are written in UTC, with seconds or microseconds", (t) => {
	const ms = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
	t.is(formatTime(ms), "2026-01-02T03:04:05Z");
	t.is(formatMicroTime(ms), "2026-01-02T03:04:05.678000Z");
	t.is(formatMicroTime(ms + 0.321), "2026-01-02T03:04:05.678321Z");
});

test("offsets and fractions are read", (t) => {
	t.is(parseTime("2026-01-02T03:04:05+02:00"), Date.UTC(2026, 0, 2, 1, 4, 5));
	t.is(parseTime("2026-01-02T03:04:05.5-00:30"), Date.UTC(2026, 0, 2, 3, 34, 5, 500));
	t.is(parseTime("0001-01-01T00:00:00Z"), Date.parse("0001-01-01T00:00:00Z"));
});

const WRONG: Readonly<Record<string, string>> = {
	"": 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"',
	tomorrow: 'parsing time "tomorrow" as "2006-01-02T15:04:05Z07:00": cannot parse "tomorrow" as "2006"',
	"2026-01-02": 'parsing time "2026-01-02" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"',
	"2026-13-02T03:04:05Z": 'parsing time "2026-13-02T03:04:05Z": month out of range',
	"2026-02-30T03:04:05Z": 'parsing time "2026-02-30T03:04:05Z": day out of range',
	"2026-01-02T03:04:05Zx": 'parsing time "2026-01-02T03:04:05Zx": extra text: "x"',
};

for (const [text, message] of Object.entries(WRONG))
	test(`${JSON.stringify(text)} is no time`, (t) => {
		t.throws(() => parseTime(text), { instanceOf: RangeError, message });
		t.false(isTime(text));
	});

test("what is written is read back", (t) => {
	const moment = fc.integer({ min: 0, max: 253_402_300_799_000 });
	fc.assert(
		fc.property(moment, (ms) => {
			t.is(parseTime(formatTime(ms)), ms - (ms % 1000));
			t.is(parseTime(formatMicroTime(ms)), ms);
		}),
	);
});

test("microseconds survive being read and written", (t) => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 999_999 }), (micros) => {
			const text = `2026-01-02T03:04:05.${String(micros).padStart(6, "0")}Z`;
			t.is(formatMicroTime(parseTime(text)), text);
		}),
	);
});
