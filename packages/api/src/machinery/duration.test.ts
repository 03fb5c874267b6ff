import test from "ava";
import { humanDuration } from "./duration.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const CASES: readonly (readonly [number, string])[] = [
	[-10 * SECOND, "<invalid>"],
	[-1.5 * SECOND, "0s"],
	[0, "0s"],
	[999, "0s"],
	[119 * SECOND, "119s"],
	[2 * MINUTE, "2m"],
	[150 * SECOND, "2m30s"],
	[10 * MINUTE + 30 * SECOND, "10m"],
	[179 * MINUTE, "179m"],
	[3 * HOUR, "3h"],
	[3 * HOUR + 5 * MINUTE, "3h5m"],
	[8 * HOUR + 5 * MINUTE, "8h"],
	[47 * HOUR, "47h"],
	[2 * DAY, "2d"],
	[2 * DAY + 3 * HOUR, "2d3h"],
	[8 * DAY + 3 * HOUR, "8d"],
	[365 * DAY, "365d"],
	[740 * DAY, "2y10d"],
	[730 * DAY, "2y"],
	[8 * 365 * DAY, "8y"],
];

for (const [ms, text] of CASES)
	test(`${ms} ms is ${text}`, (t) => {
		t.is(humanDuration(ms), text);
	});
