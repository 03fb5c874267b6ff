import test from "ava";
import { createAnnouncements } from "./announcements.ts";
import { containerOf, podOf } from "./decide.world.ts";

function setUp() {
	const events: string[] = [];
	const record = (_: unknown, reason: string, message: string, part = "pod") =>
		void events.push(`${part}: ${reason} ${message}`);
	return { events, announcements: createAnnouncements({ normal: record, warning: record }) };
}

test("a back-off is told once for each end", (t) => {
	const { events, announcements } = setUp();
	const ended = (attempt: number, backoff: number) => ({
		sandboxes: [],
		containers: [containerOf({ state: "exited", exitCode: 1, attempt, backoff })],
	});
	announcements.tell(podOf(), ended(0, 0), undefined);
	t.deepEqual(events, []);
	for (let times = 0; times < 3; times += 1) announcements.tell(podOf(), ended(1, 10_000), undefined);
	t.deepEqual(events, [
		"spec.containers{a}: BackOff Back-off restarting failed container a in pod web_default(u1)",
	]);
	announcements.tell(podOf(), ended(2, 20_000), undefined);
	t.is(events.length, 2);
	announcements.tell(podOf({ restartPolicy: "Never" }), ended(3, 20_000), undefined);
	t.is(events.length, 2, "it does not run again");
});

test("a deadline is told once, and not again of a pod that has ended", (t) => {
	const { events, announcements } = setUp();
	const late = { phase: "Failed", reason: "DeadlineExceeded", message: "too long" } as const;
	const nothing = { sandboxes: [], containers: [] };
	announcements.tell({ ...podOf(), status: { phase: "Failed" } }, nothing, late);
	t.deepEqual(events, []);
	announcements.tell(podOf(), nothing, late);
	announcements.tell(podOf(), nothing, late);
	t.deepEqual(events, ["pod: DeadlineExceeded too long"]);
});
