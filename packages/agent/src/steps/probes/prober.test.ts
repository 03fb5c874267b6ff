import type { Container } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createProber, type ProberOptions } from "./prober.ts";

const PROBE = { exec: { command: ["x"] }, periodSeconds: 10, failureThreshold: 3, successThreshold: 1 };

function setUp(container: Omit<Container, "name">, options: Partial<ProberOptions> = {}) {
	const clock = createFakeClock();
	const runs: number[] = [];
	const begun = clock.now();
	const answers = { passed: true };
	let changes = 0;
	const failures: string[] = [];
	const prober = createProber({
		container: { name: "a", ...container },
		startedAt: clock.now(),
		check: async () => {
			runs.push((clock.now() - begun) / 1000);
			return { passed: answers.passed, message: "no" };
		},
		changed: () => {
			changes += 1;
		},
		failed: (kind, message) => failures.push(`${kind} ${message}`),
		warned: (kind, warning) => failures.push(`${kind} warning ${warning}`),
		clock,
		random: () => 0.5,
		...options,
	});
	return { clock, prober, runs, answers, failures, changes: () => changes };
}

test("without probes a container is started and ready", (t) => {
	const { prober, clock } = setUp({});
	t.deepEqual(prober.verdict, { started: true, ready: true });
	t.is(clock.pending, 0);
});

test("readiness comes and goes by its thresholds", async (t) => {
	const { prober, answers, clock, runs } = setUp({
		readinessProbe: { ...PROBE, successThreshold: 2, initialDelaySeconds: 5 },
	});
	t.false(prober.verdict.ready);
	await clock.advance(5_000);
	t.deepEqual(runs, [5]);
	t.false(prober.verdict.ready);
	await clock.advance(10_000);
	t.true(prober.verdict.ready);
	answers.passed = false;
	await clock.advance(20_000);
	t.true(prober.verdict.ready);
	await clock.advance(10_000);
	t.false(prober.verdict.ready);
	prober.stop();
	await clock.advance(0);
	t.is(clock.pending, 0);
});

test("liveness gives a container up after enough failures in a row", async (t) => {
	const { prober, answers, clock, failures } = setUp({ livenessProbe: PROBE });
	answers.passed = false;
	await clock.advance(10_000);
	answers.passed = true;
	await clock.advance(10_000);
	answers.passed = false;
	await clock.advance(20_000);
	t.is(prober.verdict.failed, undefined);
	await clock.advance(10_000);
	t.is(prober.verdict.failed, "liveness");
	t.is(failures.at(-1), "Liveness no");
	t.is(clock.pending, 0);
});

test("a check that passed with a warning says so, and counts as passed", async (t) => {
	const { prober, clock, failures } = setUp(
		{ livenessProbe: { ...PROBE, failureThreshold: 1 } },
		{ check: async () => ({ passed: true, message: "", warning: "elsewhere" }) },
	);
	await clock.advance(1_000);
	t.deepEqual(failures, ["Liveness warning elsewhere"]);
	t.is(prober.verdict.failed, undefined);
	prober.stop();
});

test("a check that takes long delays no other", async (t) => {
	const runs: number[] = [];
	const clock = createFakeClock();
	const begun = clock.now();
	const { prober } = setUp(
		{ livenessProbe: PROBE },
		{
			clock,
			startedAt: begun,
			check: async () => {
				runs.push((clock.now() - begun) / 1000);
				await clock.sleep(4_000);
				return { passed: true, message: "" };
			},
		},
	);
	await clock.advance(4_000);
	await clock.advance(6_000);
	await clock.advance(4_000);
	await clock.advance(6_000);
	t.deepEqual(runs, [0, 10, 20]);
	prober.stop();
});

test("at the end of its pod a container is no longer given up, but still ready or not", async (t) => {
	const { prober, answers, clock } = setUp({
		livenessProbe: { ...PROBE, failureThreshold: 1 },
		readinessProbe: { ...PROBE, failureThreshold: 1 },
	});
	await clock.advance(1_000);
	t.true(prober.verdict.ready);
	prober.endOfPod();
	answers.passed = false;
	await clock.advance(30_000);
	t.deepEqual(prober.verdict, { started: true, ready: false });
	prober.stop();
});

test("startup comes first and alone", async (t) => {
	const { prober, answers, clock, runs } = setUp({
		startupProbe: { ...PROBE, periodSeconds: 1, failureThreshold: 30 },
		livenessProbe: PROBE,
	});
	answers.passed = false;
	await clock.advance(3_000);
	t.deepEqual(prober.verdict, { started: false, ready: false });
	answers.passed = true;
	await clock.advance(1_000);
	t.deepEqual(prober.verdict, { started: true, ready: true });
	t.deepEqual(runs, [0, 1, 2, 3, 4, 4]);
	prober.stop();
});

test("a container that never starts is given up", async (t) => {
	const { prober, answers, clock } = setUp({ startupProbe: { ...PROBE, failureThreshold: 2 } });
	answers.passed = false;
	await clock.advance(10_000);
	t.is(prober.verdict.failed, "startup");
});

test("an agent that starts anew begins with what was known, at some moment of the period", async (t) => {
	const known = { started: true, ready: true };
	const { prober, clock, runs } = setUp(
		{ startupProbe: PROBE, readinessProbe: PROBE },
		{ known, startedAt: 0 },
	);
	t.deepEqual(prober.verdict, known);
	await clock.advance(5_000);
	t.deepEqual(runs, [5]);
	prober.stop();
});

test("a check that could not be made changes nothing", async (t) => {
	const { prober, clock } = setUp(
		{ livenessProbe: { ...PROBE, failureThreshold: 1 } },
		{
			check: async () => {
				throw new Error("the engine does not answer");
			},
		},
	);
	await clock.advance(60_000);
	t.deepEqual(prober.verdict, { started: true, ready: true });
	prober.stop();
});
