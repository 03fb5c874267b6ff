import { CronJob, type CronJobStatus, Job, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createCronJobController } from "./controller.ts";
import { nameFor, planCronJob, SCHEDULED_AT, scheduledAt } from "./plan.ts";
import { formatMailDate, formatZoned } from "./zoned-time.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const at = (minutes: number) => `${new Date(START + minutes * MINUTE).toISOString().slice(0, 19)}Z`;

const cronJob = (spec: Partial<CronJob["spec"]> = {}, status: CronJobStatus = {}): CronJob => ({
	apiVersion: "batch/v1",
	kind: "CronJob",
	metadata: {
		name: "tick",
		namespace: "default",
		uid: "uid-tick",
		resourceVersion: "1",
		creationTimestamp: at(0),
	},
	spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template: {} } }, timeZone: "UTC", ...spec },
	status,
});

/** A job made by that cron job for this minute; `end` is how it ended. */
const job = (minute: number, end?: "Complete" | "Failed", name?: string): Job => ({
	apiVersion: "batch/v1",
	kind: "Job",
	metadata: {
		name: name ?? nameFor(cronJob(), START + minute * MINUTE),
		namespace: "default",
		uid: name ?? `uid-${minute}`,
		resourceVersion: "1",
		creationTimestamp: at(minute),
		annotations: name ? {} : { [SCHEDULED_AT]: at(minute) },
	},
	spec: { template: {} },
	status: {
		startTime: at(minute),
		...(end === "Complete" ? { completionTime: at(minute + 1) } : {}),
		...(end ? { conditions: [{ type: end, status: "True" }] } : {}),
	},
});

const active = (minute: number) => ({ name: job(minute).metadata.name, uid: `uid-${minute}` });
const plan = (cron: CronJob, jobs: readonly Job[], minute: number) =>
	planCronJob(cron, jobs, START + minute * MINUTE);
const reasons = (cron: CronJob, jobs: readonly Job[], minute: number) =>
	plan(cron, jobs, minute).events.map(({ reason }) => reason);

test("a job is due at its time, once", (t) => {
	t.like(plan(cronJob(), [], 4), { due: undefined, lookAgainIn: MINUTE });
	t.like(plan(cronJob(), [], 5), { due: START + 5 * MINUTE, lookAgainIn: 5 * MINUTE });
	t.is(plan(cronJob({}, { lastScheduleTime: at(5) }), [], 6).due, undefined);
	t.is(plan(cronJob({ suspend: true }), [], 6).due, undefined);
	t.is(plan(cronJob({ schedule: "0 0 1 2 *" }), [], 0).lookAgainIn, 31 * 24 * 60 * MINUTE);
	t.is(plan(cronJob({ schedule: "0 0 31 2 *" }), [], 6).lookAgainIn, undefined);
});

test("of those that were missed only the latest is made up for, within its deadline", (t) => {
	t.is(plan(cronJob(), [], 63).due, START + 60 * MINUTE);
	t.deepEqual(reasons(cronJob(), [], 63), []);
	t.is(plan(cronJob(), [], 5 * 101).due, START + 505 * MINUTE);
	t.deepEqual(reasons(cronJob(), [], 5 * 101), ["TooManyMissedTimes"]);
	t.deepEqual(reasons(cronJob({ startingDeadlineSeconds: 600 }), [], 5 * 101), []);
	const late = plan(cronJob({ startingDeadlineSeconds: 60 }), [], 8);
	t.is(late.due, undefined);
	t.deepEqual(
		late.events.map(({ message }) => message),
		["Missed scheduled time to start a job: Thu, 01 Jan 2026 00:05:00 +0000"],
	);
});

test("what runs may go on, hold up the next one, or make room for it", (t) => {
	const running = cronJob({}, { lastScheduleTime: at(5), active: [active(5)] });
	const under = (concurrencyPolicy: "Allow" | "Forbid" | "Replace") =>
		plan({ ...running, spec: { ...running.spec, concurrencyPolicy } }, [job(5)], 10);
	t.like(under("Allow"), { due: START + 10 * MINUTE, remove: [] });
	t.like(under("Forbid"), { due: undefined, remove: [], events: [{ reason: "JobAlreadyActive" }] });
	t.like(under("Replace"), { due: START + 10 * MINUTE, remove: [{ metadata: { uid: "uid-5" } }] });
	t.is(under("Replace").status.active, undefined);
});

test("the status follows the jobs", (t) => {
	const status = { lastScheduleTime: at(15), active: [active(5), active(10), active(15)] };
	const found = plan(cronJob({}, status), [job(10, "Complete"), job(15)], 16);
	t.deepEqual(
		found.status.active?.map(({ uid }) => uid),
		["uid-15"],
	);
	t.is(found.status.lastSuccessfulTime, at(11));
	t.deepEqual(
		found.events.map(({ reason, message }) => `${reason}: ${message}`),
		[
			"MissingJob: Active job went missing: tick-29453765",
			"SawCompletedJob: Saw completed job: tick-29453770, condition: Complete",
		],
	);
});

test("a job whose status was lost in a crash is known by its name, one made by hand is not taken for it", (t) => {
	const found = plan(cronJob(), [job(5)], 5);
	t.is(found.due, undefined);
	t.like(found.status, { lastScheduleTime: at(5), active: [{ uid: "uid-5" }] });
	const byHand = plan(cronJob({ concurrencyPolicy: "Forbid" }), [job(5, undefined, "by-hand")], 5);
	t.is(byHand.due, START + 5 * MINUTE);
	t.like(byHand.events[0], { type: "warning", reason: "UnexpectedJob" });
});

test("only so many finished jobs are kept, the youngest", (t) => {
	const jobs = [job(0, "Complete"), job(5, "Failed"), job(10, "Complete"), job(15), job(20, "Failed")];
	const removed = (spec: Partial<CronJob["spec"]>) =>
		plan(cronJob({ suspend: true, ...spec }), jobs, 20).remove.map(({ metadata }) => metadata.uid);
	t.deepEqual(removed({ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 }), [
		"uid-0",
		"uid-5",
		"uid-20",
	]);
	t.deepEqual(removed({}), []);
});

test("schedules and zones that cannot be read are told", (t) => {
	t.deepEqual(reasons(cronJob({ schedule: "x" }), [], 5), ["UnparseableSchedule"]);
	t.deepEqual(reasons(cronJob({ timeZone: "Mars/Olympus" }), [], 5), ["UnknownTimeZone"]);
	t.deepEqual(reasons(cronJob({ schedule: "TZ=UTC @hourly" }), [], 5), ["UnsupportedSchedule"]);
});

test("times are written as their zone writes them", (t) => {
	t.is(formatZoned(START, "Asia/Tokyo"), "2026-01-01T09:00:00+09:00");
	t.is(formatZoned(START, "America/St_Johns"), "2025-12-31T20:30:00-03:30");
	t.is(formatZoned(START), "2026-01-01T00:00:00Z");
	t.is(scheduledAt(cronJob({ timeZone: undefined }), START), "2026-01-01T00:00:00Z");
	t.is(formatMailDate(START), "Thu, 01 Jan 2026 00:00:00 +0000");
});

test("a cron job makes its jobs, follows them and cleans up", async (t) => {
	const clock = createFakeClock(START);
	const server = createFakeServer({ now: clock.now });
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const told: string[] = [];
	const events = {
		normal: (_: object, reason: string) => void told.push(reason),
		warning: (_: object, reason: string) => void told.push(reason),
	};
	const controller = createCronJobController({ client, informers, events, clock, log: silentLogger });
	const stop = new AbortController();
	const running = [
		informers.start(stop.signal),
		runController(controller, { clock, log: silentLogger, signal: stop.signal }),
	];
	await client.create(CronJob, {
		metadata: { namespace: "default", name: "tick" },
		spec: {
			schedule: "*/5 * * * *",
			timeZone: "UTC",
			successfulJobsHistoryLimit: 1,
			jobTemplate: { metadata: { labels: { a: "b" } }, spec: { template: {} } },
		},
	});
	const jobs = () => server.objects<Job>(Job);
	const status = () => server.objects<CronJob>(CronJob)[0]?.status;
	const finish = async (name: string) => {
		const conditions = [{ type: "Complete", status: "True" }];
		await client.patch(
			Job,
			{ namespace: "default", name },
			{ status: { conditions, startTime: at(5), completionTime: at(6) } },
			{ type: "merge", subresource: "status" },
		);
	};
	await clock.until(() => status()?.active?.length === 1);
	const [first] = jobs();
	t.is(first?.metadata.name, nameFor(cronJob(), START + 5 * MINUTE));
	t.like(first?.metadata, { labels: { a: "b" }, annotations: { [SCHEDULED_AT]: at(5) } });
	t.like(first?.metadata.ownerReferences?.[0], { kind: "CronJob", controller: true });
	await finish(first?.metadata.name ?? "");
	await clock.until(() => status()?.active === undefined && status()?.lastSuccessfulTime === at(6));
	t.is(status()?.lastScheduleTime, at(5));
	await clock.until(() => jobs().length === 2);
	await finish(jobs()[1]?.metadata.name ?? "");
	await clock.until(() => jobs().length === 1);
	t.is(told.filter((reason) => reason === "SuccessfulCreate").length, 2);
	t.is(told.filter((reason) => reason === "SuccessfulDelete").length, 1);
	stop.abort();
	await Promise.all(running);
});
