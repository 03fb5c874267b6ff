/** decide() on pods whose containers restart by rules of their own, on debugging containers, and on sidecars at the end. */
import type { Container } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import {
	containerOf,
	decideIn,
	IMAGE,
	messes,
	perform,
	podOf,
	settled,
	type World,
	worldOf,
} from "./decide.world.ts";

const names = (world: World, changes = {}) =>
	decideIn(world, changes).actions.map((action) =>
		"name" in action ? `${action.do} ${action.name}` : action.do,
	);
const performAll = (world: World) => {
	for (const action of decideIn(world).actions) perform(world, action);
};
const exited = (name: string, exitCode: number, changes = {}) =>
	containerOf({ name, state: "exited", exitCode, ...changes });
const onCode = (action: "Restart" | "RestartAllContainers", ...values: number[]): Partial<Container> => ({
	restartPolicy: "Never",
	restartPolicyRules: [{ action, exitCodes: { operator: "In", values } }],
});

test("an exit code's rule comes before the container's policy, and that before the pod's", (t) => {
	const after = (exitCode: number, container: Partial<Container>) => {
		const pod = podOf({
			restartPolicy: "Always",
			containers: [
				{ name: "a", image: IMAGE, ...container },
				{ name: "b", image: IMAGE },
			],
		});
		return names(settled({ pod, containers: [exited("a", exitCode), containerOf({ name: "b" })] }));
	};
	t.deepEqual(after(42, onCode("Restart", 42)), ["start a"]);
	t.deepEqual(after(1, onCode("Restart", 42)), []);
	t.deepEqual(after(1, { restartPolicy: "OnFailure" }), ["start a"]);
	t.deepEqual(after(0, { restartPolicy: "OnFailure" }), []);
	const unless = { action: "Restart", exitCodes: { operator: "NotIn", values: [7] } } as const;
	t.deepEqual(after(7, { restartPolicy: "Never", restartPolicyRules: [unless] }), []);
	t.deepEqual(after(8, { restartPolicy: "Never", restartPolicyRules: [unless] }), ["start a"]);
});

test("a pod that never restarts goes on for a container whose rule says so", (t) => {
	const pod = podOf({
		restartPolicy: "Never",
		containers: [{ name: "a", image: IMAGE, ...onCode("Restart", 42) }],
	});
	t.is(decideIn(settled({ pod, containers: [exited("a", 42)] })).outcome, undefined);
	t.deepEqual(decideIn(settled({ pod, containers: [exited("a", 1)] })).outcome, { phase: "Failed" });
});

test("all containers restart, init containers first, when one asks for it", (t) => {
	const pod = podOf({
		restartPolicy: "Never",
		initContainers: [{ name: "setup", image: IMAGE }],
		containers: [
			{ name: "a", image: IMAGE, ...onCode("RestartAllContainers", 9) },
			{ name: "b", image: IMAGE },
		],
	});
	const world = settled({
		pod,
		containers: [exited("setup", 0), exited("a", 9), containerOf({ name: "b" })],
		exits: new Map([["setup", [0]]]),
	});
	t.deepEqual(names(world), ["stop b"]);
	performAll(world);
	t.deepEqual(names(world), ["start setup"]);
	performAll(world);
	t.deepEqual(names(world), ["remove setup", "start a", "start b"]);
	t.like(decideIn(world).actions[2], { attempt: 1, round: 1, backoff: 0 });
	performAll(world);
	t.deepEqual(names(world), []);
	t.is(decideIn(world).outcome, undefined);
	world.containers = [exited("a", 0, { attempt: 2, round: 1 }), exited("b", 3, { attempt: 2, round: 1 })];
	t.deepEqual(decideIn(world).outcome, { phase: "Failed" });
});

test("a debugging container runs once, and does not wait for init containers", (t) => {
	const pod = podOf({
		initContainers: [{ name: "setup", image: IMAGE }],
		ephemeralContainers: [{ name: "debug", image: IMAGE }],
	});
	const world = settled({ pod, containers: [exited("setup", 1, { backoff: 300_000 })] });
	t.deepEqual(names(world), ["start debug"]);
	world.containers.push(exited("debug", 1));
	t.deepEqual(names(world), []);
});

test("a pod that goes: its sidecars last, in reverse, and kept for as long as others run", (t) => {
	const sidecar = (name: string): Container => ({ name, image: IMAGE, restartPolicy: "Always" });
	const pod = podOf({ initContainers: [sidecar("one"), sidecar("two")] });
	const world = settled({
		pod,
		intent: "terminate",
		containers: [containerOf({ name: "one" }), exited("two", 0), containerOf()],
	});
	t.deepEqual(names(world, { busy: new Set(["a"]) }), ["start two"]);
	t.deepEqual(names({ ...world, intent: "remove" }), ["stop a"]);
	performAll(world);
	t.deepEqual(names(world), ["stop two"]);
	performAll(world);
	t.deepEqual(names(world), ["stop one"]);
	performAll(world);
	t.deepEqual(names(world), ["stopSandbox"]);
});

test("a job is done when its regular containers are, whatever its sidecars do", (t) => {
	const pod = podOf({
		restartPolicy: "Never",
		initContainers: [{ name: "side", image: IMAGE, restartPolicy: "Always" }],
	});
	const world = settled({ pod, containers: [containerOf({ name: "side" }), exited("a", 0)] });
	t.deepEqual(decideIn(world).outcome, { phase: "Succeeded" });
	t.deepEqual(names(world), ["stop side"]);
	performAll(world);
	t.deepEqual(names(world), ["stopSandbox"]);
});

test("from any mess, all containers come to run in one round", (t) => {
	const pod = podOf({
		restartPolicy: "Never",
		initContainers: [{ name: "setup", image: IMAGE, restartPolicy: "Always" }],
		containers: [
			{ name: "a", image: IMAGE, ...onCode("RestartAllContainers", 0, 1, 137) },
			{ name: "b", image: IMAGE, ...onCode("RestartAllContainers", 0, 1, 137) },
		],
	});
	fc.assert(
		fc.property(messes, fc.array(fc.nat(2), { maxLength: 8 }), (mess, rounds) => {
			const world = worldOf({ ...mess, pod, releasable: true });
			world.containers = world.containers.map((each, index) => ({ ...each, round: rounds[index] ?? 0 }));
			for (let turn = 0; turn < 60; turn += 1) {
				const { actions, wakeAt, outcome } = decideIn(world);
				if (outcome) return;
				const starts = actions.filter((action) => action.do === "start").map(({ name }) => name);
				for (const name of starts) {
					t.false(world.containers.some((each) => each.name === name && each.state === "running"));
				}
				for (const action of actions) perform(world, action);
				if (actions.length > 0) continue;
				if (wakeAt === undefined) break;
				world.now = wakeAt;
			}
			const running = world.containers.filter(({ state }) => state === "running");
			t.deepEqual(running.map(({ name }) => name).sort(), ["a", "b", "setup"]);
			t.is(new Set(running.map(({ round }) => round)).size, 1);
		}),
	);
});
