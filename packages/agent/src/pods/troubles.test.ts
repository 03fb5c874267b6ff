import type { Container } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { StepError } from "../steps/step.ts";
import { type Action, retryKey } from "./actions.ts";
import { podOf } from "./decide.world.ts";
import { createTroubles } from "./troubles.ts";

function setUp() {
	const clock = createFakeClock();
	const events: string[] = [];
	const record = (type: string) => (_: unknown, reason: string, message: string) =>
		events.push(`${type} ${reason} ${message}`);
	let changes = 0;
	const troubles = createTroubles(clock, { normal: record("Normal"), warning: record("Warning") }, () => {
		changes += 1;
	});
	return { clock, events, troubles, changes: () => changes };
}

const container: Container = { name: "a", image: "app:9" };
const START: Action = {
	do: "start",
	name: "a",
	container,
	sort: "regular",
	sandbox: "s0",
	attempt: 0,
	round: 0,
	backoff: 0,
};
const pull = () => new StepError("ErrImagePull", "no such host", { first: 10_000, most: 300_000 });

test("a failed pull is shown as such, then as waited for, and waits longer each time", async (t) => {
	const { clock, events, troubles, changes } = setUp();
	troubles.failed(START, pull(), podOf());
	t.deepEqual(troubles.byContainer.get("a"), { reason: "ErrImagePull", message: "no such host" });
	t.is((troubles.retryAt.get(retryKey(START)) ?? 0) - clock.now(), 10_000);
	await clock.advance(2_000);
	t.is(changes(), 1);
	t.deepEqual(troubles.byContainer.get("a"), {
		reason: "ImagePullBackOff",
		message: 'Back-off pulling image "app:9": ErrImagePull: no such host',
	});
	t.deepEqual(events, [
		"Warning Failed Error: ErrImagePull",
		'Normal BackOff Back-off pulling image "app:9"',
		"Warning Failed Error: ImagePullBackOff",
	]);
	const waits = Array.from({ length: 6 }, () => {
		troubles.failed(START, pull(), podOf());
		return (troubles.retryAt.get(retryKey(START)) ?? 0) - clock.now();
	});
	t.deepEqual(waits, [20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
	troubles.succeeded(START);
	t.is(troubles.byContainer.size, 0);
	t.is(troubles.retryAt.size, 0);
	t.is(clock.pending, 0);
});

test("a change of the world hurries what waited for it, but no pull", (t) => {
	const { troubles } = setUp();
	const config = new StepError("CreateContainerConfigError", 'configmap "x" not found');
	troubles.failed(START, config, podOf());
	troubles.hurry();
	t.false(troubles.retryAt.has(retryKey(START)));
	t.is(troubles.byContainer.get("a")?.reason, "CreateContainerConfigError");
	troubles.failed(START, pull(), podOf());
	troubles.hurry();
	t.true(troubles.retryAt.has(retryKey(START)));
	troubles.close();
});

test("every failure is told once, in its own words", (t) => {
	const { events, troubles } = setUp();
	troubles.failed(START, new StepError("CreateContainerConfigError", 'secret "s" not found'), podOf());
	troubles.failed({ do: "prepare" }, new StepError("FailedMount", "MountVolume.SetUp failed"), podOf());
	troubles.failed(
		{ do: "createSandbox", attempt: 0 },
		new StepError("FailedCreatePodSandBox", "no disk"),
		podOf(),
	);
	troubles.failed({ do: "confirm" }, new Error("no route"), podOf());
	t.deepEqual(events, [
		'Warning Failed Error: secret "s" not found',
		"Warning FailedMount MountVolume.SetUp failed",
		"Warning FailedCreatePodSandBox no disk",
		"Warning FailedSync Error: no route",
	]);
});
