import { systemClock } from "@berth/api";
import test from "ava";
import { createFakeRuntime } from "../runtime/fake.ts";
import { containerOf, podOf, sandboxOf } from "./decide.world.ts";
import type { PodEnvironment } from "./environment.ts";
import type { ObservedContainer } from "./observed.ts";
import { createProbers } from "./probers.ts";

test("what a probe gave up stays known until it is gone", async (t) => {
	const gaveUp = Promise.withResolvers<void>();
	const environment = {
		clock: systemClock,
		random: () => 0,
		runtime: createFakeRuntime({ clock: systemClock, images: [], exec: () => ({ code: 1 }) }),
		events: { normal: () => {}, warning: () => {} },
	} as unknown as PodEnvironment;
	const startupProbe = { exec: { command: ["false"] }, failureThreshold: 1, periodSeconds: 1 };
	const pod = podOf({ containers: [{ name: "a", image: "app:1", startupProbe }] });
	const probers = createProbers(environment, () => false, gaveUp.resolve);
	const follow = (...containers: readonly ObservedContainer[]) =>
		probers.follow(pod, { sandboxes: [sandboxOf(0, true)], containers }, ["10.0.0.1"]);
	const running = containerOf({ startedAt: Date.now() });
	follow(running);
	await gaveUp.promise;
	t.is(probers.verdict(running).failed, "startup");
	const ended = { ...running, state: "exited" as const };
	follow(ended);
	t.deepEqual(probers.verdict(ended), { started: false, ready: false, failed: "startup" });
	follow();
	t.is(probers.verdict(ended).failed, undefined);
	probers.stop();
});
