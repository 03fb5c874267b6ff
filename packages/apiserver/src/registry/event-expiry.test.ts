import { type Clock, Event, formatTime, silentLogger, systemClock } from "@berth/api";
import test from "ava";
import { expireEvents, isExpired, noted } from "./event-expiry.ts";
import { inShort, openRegistry, take, watchOf } from "./testing/open-registry.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const body = (name: string) => ({
	metadata: { name },
	involvedObject: { kind: "Pod", namespace: "default", name: "web" },
});

test("marks: those of the last hour and one before", (t) => {
	let marks = noted([], { time: 0, revision: 1 });
	for (let minute = 1; minute <= 130; minute += 1) {
		marks = noted(marks, { time: minute * MINUTE, revision: minute });
	}
	t.is(marks.length, 61);
	t.deepEqual(marks[0], { time: 70 * MINUTE, revision: 70 });
});

test("what was not written for an hour has expired, whatever it says", (t) => {
	const event = (written: number, revision: number) => ({
		object: {
			apiVersion: "v1",
			kind: "Event",
			metadata: {
				name: "e",
				namespace: "default",
				uid: "1",
				resourceVersion: `${revision}`,
				creationTimestamp: formatTime(written),
			},
			involvedObject: {},
		} satisfies Event,
		revision,
	});
	const marks = [{ time: 10 * HOUR, revision: 50 }];
	const expiry = { marks, start: 20, now: 11 * HOUR };
	t.true(isExpired(event(99 * HOUR, 50), expiry));
	t.false(isExpired(event(0, 51), expiry));
	t.true(isExpired(event(9 * HOUR, 20), { ...expiry, marks: [] }));
	t.false(isExpired(event(10.5 * HOUR, 20), { ...expiry, marks: [] }));
});

test("old events are removed while the server runs, and told as deleted", async (t) => {
	let now = Date.parse("2026-01-02T00:00:00Z");
	const clock: Clock = {
		...systemClock,
		now: () => now,
		sleep: async (ms) => {
			now += ms;
			await new Promise((resolve) => setImmediate(resolve));
		},
	};
	await using api = await openRegistry({ clock: { ...systemClock, now: () => now } });
	await api.ask("create", Event, { body: body("old") });
	const watch = watchOf(await api.ask("watch", Event, { query: { resourceVersion: "" } }));
	await using _expiry = expireEvents({ objects: api.objects, clock, log: silentLogger });
	t.deepEqual((await take(watch, 2)).map(inShort), ["ADDED old", "DELETED old"]);
});
