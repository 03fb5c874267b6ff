import test from "ava";
import fc from "fast-check";
import { retryKey, subjectOf } from "./actions.ts";
import {
	containerOf,
	decideIn,
	IMAGE,
	messes,
	NOW,
	perform,
	podOf,
	sandboxOf,
	settled,
	type World,
	worldOf,
} from "./decide.world.ts";
import type { ObservedContainer } from "./observed.ts";

const MOST_ROUNDS = 60;
const names = (world: World, changes = {}) =>
	decideIn(world, changes).actions.map((action) =>
		"name" in action ? `${action.do} ${action.name}` : action.do,
	);

test("a new pod: its directories and its sandbox, then the network, then its containers", (t) => {
	const world = worldOf();
	t.deepEqual(names(world), ["prepare", "createSandbox"]);
	for (const action of decideIn(world).actions) perform(world, action);
	t.deepEqual(names(world), ["connect"]);
	for (const action of decideIn(world).actions) perform(world, action);
	t.deepEqual(names(world), ["start a"]);
	for (const action of decideIn(world).actions) perform(world, action);
	t.deepEqual(decideIn(world), { actions: [], wakeAt: undefined, outcome: undefined });
});

test("in the host's network there is nothing to connect", (t) => {
	const world = settled({ pod: podOf({ hostNetwork: true }), containers: [], connected: undefined });
	t.deepEqual(names(world), ["start a"]);
});

test("what is under way is left alone", (t) => {
	t.deepEqual(names(settled({ containers: [] }), { busy: new Set(["a"]) }), []);
	t.deepEqual(names(worldOf(), { busy: new Set(["/prepare", "/sandbox"]) }), []);
});

test("what failed waits for its time", (t) => {
	const world = settled({ containers: [] });
	const [action] = decideIn(world).actions;
	const retryAt = new Map([[retryKey(action!), NOW + 5_000]]);
	t.deepEqual(decideIn(world, { retryAt }), { actions: [], wakeAt: NOW + 5_000, outcome: undefined });
	t.is(decideIn({ ...world, now: NOW + 5_000 }, { retryAt }).actions.length, 1);
});

test("init containers run one after the other, each until it succeeds", (t) => {
	const pod = podOf({
		initContainers: [
			{ name: "one", image: IMAGE },
			{ name: "two", image: IMAGE },
		],
	});
	const world = settled({ pod, containers: [] });
	t.deepEqual(names(world), ["start one"]);
	world.containers = [containerOf({ name: "one", state: "running" })];
	t.deepEqual(names(world), []);
	world.containers = [containerOf({ name: "one", state: "exited", exitCode: 1 })];
	t.deepEqual(names(world), ["start one"]);
	world.containers = [containerOf({ name: "one", state: "exited", exitCode: 0 })];
	t.deepEqual(names(world), ["start two"]);
	world.containers.push(containerOf({ name: "two", state: "exited", exitCode: 0 }));
	t.deepEqual(names(world), ["start a"]);
});

test("a failed init container ends a pod that never restarts", (t) => {
	const pod = podOf({ restartPolicy: "Never", initContainers: [{ name: "one", image: IMAGE }] });
	const world = settled({ pod, containers: [containerOf({ name: "one", state: "exited", exitCode: 2 })] });
	t.deepEqual(decideIn(world).outcome, { phase: "Failed" });
	t.deepEqual(names(world), ["stopSandbox"]);
});

test("a sidecar starts before the others, and stays", (t) => {
	const pod = podOf({ initContainers: [{ name: "side", image: IMAGE, restartPolicy: "Always" }] });
	const world = settled({ pod, containers: [] });
	t.deepEqual(names(world), ["start side"]);
	world.containers = [containerOf({ name: "side" })];
	t.deepEqual(names(world, { verdict: () => ({ started: false, ready: false }) }), []);
	t.deepEqual(names(world), ["start a"]);
	world.containers = [containerOf(), containerOf({ name: "side", state: "exited" })];
	t.deepEqual(names(world), ["start side"]);
});

test("restart policies", (t) => {
	const after = (restartPolicy: "Always" | "OnFailure" | "Never", exitCode: number) =>
		names(
			settled({ pod: podOf({ restartPolicy }), containers: [containerOf({ state: "exited", exitCode })] }),
		);
	t.deepEqual(after("Always", 0), ["start a"]);
	t.deepEqual(after("OnFailure", 1), ["start a"]);
	t.deepEqual(after("OnFailure", 0), ["stopSandbox"]);
	t.deepEqual(after("Never", 1), ["stopSandbox"]);
});

test("a crashing container waits longer each time", (t) => {
	const world = settled({ containers: [containerOf({ state: "exited", exitCode: 1, backoff: 20_000 })] });
	t.deepEqual(decideIn(world), { actions: [], wakeAt: NOW - 500 + 20_000, outcome: undefined });
	world.now = NOW - 500 + 20_000;
	t.like(decideIn(world).actions[0], { do: "start", attempt: 1, backoff: 40_000 });
});

test("a probe that gave up, and another image, end a container; readiness does not", (t) => {
	const world = settled();
	t.deepEqual(names(world, { verdict: () => ({ started: true, ready: false }) }), []);
	t.deepEqual(names(world, { verdict: () => ({ started: true, ready: false, failed: "liveness" }) }), [
		"stop a",
	]);
	t.deepEqual(names({ ...world, pod: podOf({ containers: [{ name: "a", image: "app:2" }] }) }), ["stop a"]);
});

test("a start that was cut short is removed and made again with the same number", (t) => {
	const world = settled({ containers: [containerOf({ state: "created", attempt: 0 })] });
	t.deepEqual(names(world), ["remove a"]);
	for (const action of decideIn(world).actions) perform(world, action);
	t.like(decideIn(world).actions[0], { do: "start", attempt: 0 });
});

test("a pod that has ended gives its volumes back, once, and goes on being told of", (t) => {
	const over = {
		pod: podOf({ restartPolicy: "Never" }),
		containers: [containerOf({ state: "exited" })],
		sandboxes: [],
		connected: undefined,
	};
	t.deepEqual(names(settled(over)), ["clear"]);
	t.deepEqual(names(settled({ ...over, cleared: true })), []);
	t.deepEqual(names(settled({ ...over, releasable: false })), [], "nothing was made for it");
	t.deepEqual(names(settled()), [], "it runs");
});

test("of the containers of a name that have ended the newest is kept", (t) => {
	const ended = (attempt: number) => containerOf({ state: "exited", exitCode: 1, attempt, backoff: 20_000 });
	t.deepEqual(decideIn(settled({ containers: [ended(0), ended(1), containerOf({ attempt: 2 })] })).actions, [
		{ do: "remove", name: "a", id: "a-0" },
	]);
	t.deepEqual(decideIn(settled({ containers: [ended(0), ended(1)] })).actions, [
		{ do: "remove", name: "a", id: "a-0" },
	]);
	t.deepEqual(decideIn(settled({ containers: [ended(1), containerOf({ attempt: 2 })] })).actions, []);
	const over = { cleared: true, pod: podOf({ restartPolicy: "Never" }), sandboxes: [], connected: undefined };
	t.deepEqual(names(settled({ containers: [ended(0), ended(1)], ...over })), ["remove a"]);
});

test("a dead sandbox: its containers are stopped, it is taken off the network, and another is made", (t) => {
	const world = settled({ sandboxes: [sandboxOf(0, false)] });
	t.deepEqual(names(world), ["stop a"]);
	world.containers = [containerOf({ state: "exited", exitCode: 137 })];
	t.deepEqual(names(world), ["stopSandbox"]);
	world.connected = undefined;
	t.like(decideIn(world).actions[0], { do: "createSandbox", attempt: 1 });
});

test("a pod that is over by its status starts nothing again, though nothing is left of it", (t) => {
	const pod = { ...podOf({ restartPolicy: "Never" }), status: { phase: "Succeeded" as const } };
	t.deepEqual(names(worldOf({ pod })), []);
});

test("a deadline ends a pod", (t) => {
	const pod = {
		...podOf({ activeDeadlineSeconds: 10 }),
		status: { startTime: new Date(NOW - 9_000).toISOString() },
	};
	const world = settled({ pod });
	t.is(decideIn(world).wakeAt, NOW + 1_000);
	world.now = NOW + 1_000;
	t.is(decideIn(world).outcome?.reason, "DeadlineExceeded");
	t.deepEqual(names(world), ["stop a"]);
});

test("deletion: sidecars end last, then the sandbox, the volumes, the object, and what is left", (t) => {
	const pod = podOf({ initContainers: [{ name: "side", image: IMAGE, restartPolicy: "Always" }] });
	const world = settled({
		pod,
		containers: [containerOf(), containerOf({ name: "side" })],
		intent: "terminate",
	});
	const steps: string[] = [];
	for (let round = 0; round < MOST_ROUNDS && !world.forgotten; round += 1) {
		const { actions } = decideIn(world);
		steps.push(...names(world));
		for (const action of actions) perform(world, action);
	}
	t.deepEqual(steps, [
		"stop a",
		"stop side",
		"stopSandbox",
		"release",
		"confirm",
		"remove a",
		"remove side",
		"removeSandbox",
		"forget",
	]);
});

/** Rounds of deciding and doing, some of it lost; time passes when there is nothing to do. */
function live(world: World, done: readonly boolean[], check: (world: World) => void): void {
	let turn = 0;
	for (let round = 0; round < MOST_ROUNDS && !world.forgotten; round += 1) {
		check(world);
		const { actions, wakeAt } = decideIn(world);
		if (actions.length === 0 && wakeAt === undefined && !endInits(world)) return;
		if (actions.length === 0) world.now = Math.max(world.now, wakeAt ?? 0);
		for (const action of actions) {
			// Actions that were cut short leave the world as it was.
			if (done[turn++] ?? true) perform(world, action);
		}
	}
	if (!world.forgotten) throw new Error("it does not come to rest");
}

/** Init containers that a mess left running end by themselves. True when there was one. */
function endInits(world: World): boolean {
	const names = world.pod.spec.initContainers?.filter((each) => !each.restartPolicy).map(({ name }) => name);
	const isInit = ({ name, state }: ObservedContainer) =>
		state === "running" && names?.includes(name) === true;
	const found = world.containers.some(isInit);
	world.containers = world.containers.map((each) =>
		isInit(each) ? { ...each, state: "exited", exitCode: 0, finishedAt: world.now } : each,
	);
	return found;
}

const PODS = [
	podOf(),
	podOf({
		containers: [
			{ name: "a", image: IMAGE },
			{ name: "b", image: IMAGE },
		],
	}),
	podOf({ initContainers: [{ name: "setup", image: IMAGE }] }),
	podOf({ initContainers: [{ name: "setup", image: IMAGE, restartPolicy: "Always" }] }),
	podOf({ hostNetwork: true }),
];
const losses = fc.array(fc.boolean(), { maxLength: 20 });
const worlds = fc.record({ mess: messes, pod: fc.constantFrom(...PODS) }).map(({ mess, pod }) =>
	worldOf({
		...mess,
		pod,
		releasable: true,
		exits: new Map([["setup", pod.spec.initContainers?.[0]?.restartPolicy ? [] : [0, 0, 0, 0]]]),
	}),
);

test("from any mess, a pod comes to run: one of each container, all in one sandbox", (t) => {
	fc.assert(
		fc.property(worlds, losses, (world, done) => {
			live(world, done, () => {});
			const running = world.containers.filter(({ state }) => state === "running");
			const wanted = [
				...world.pod.spec.containers,
				...(world.pod.spec.initContainers ?? []).filter((each) => each.restartPolicy),
			];
			const sandboxes = world.sandboxes.filter((sandbox) => sandbox.running);
			t.is(sandboxes.length, 1);
			t.deepEqual(running.map(({ name }) => name).sort(), wanted.map(({ name }) => name).sort());
			t.true(running.every(({ sandbox, image }) => sandbox === sandboxes[0]?.id && image === IMAGE));
			t.true(world.pod.spec.hostNetwork || world.connected?.sandbox === sandboxes[0]?.id);
		}),
	);
	t.pass();
});

test("no container is ever started beside another of its name", (t) => {
	fc.assert(
		fc.property(worlds, losses, (world, done) => {
			live(world, done, (now) => {
				const starts = decideIn(now)
					.actions.filter((action) => action.do === "start")
					.map((action) => action.name);
				t.is(new Set(starts).size, starts.length);
				for (const name of starts) {
					t.false(now.containers.some((each) => each.name === name && each.state === "running"));
				}
			});
		}),
	);
});

test("what runs as it should is never stopped or removed", (t) => {
	fc.assert(
		fc.property(worlds, losses, (world, done) => {
			live(world, done, (now) => {
				const sandbox = now.sandboxes.filter((each) => each.running).sort((a, b) => b.attempt - a.attempt)[0];
				for (const action of decideIn(now).actions) {
					if (action.do === "removeSandbox") t.not(action.id, sandbox?.id);
					if (action.do === "stopSandbox") t.is(sandbox, undefined);
					const id = action.do === "stop" ? action.target.id : action.do === "remove" ? action.id : undefined;
					const target = now.containers.find((each) => each.id === id);
					if (target?.state !== "running") continue;
					const wanted = [...now.pod.spec.containers, ...(now.pod.spec.initContainers ?? [])].find(
						({ name }) => name === target.name,
					);
					const others = now.containers.filter(
						(each) => each.name === target.name && each.id !== target.id && each.attempt >= target.attempt,
					);
					t.true(
						!wanted || target.sandbox !== sandbox?.id || target.image !== wanted.image || others.length > 0,
					);
				}
			});
		}),
	);
	t.pass();
});

test("from any mess, a pod that goes leaves nothing, and only sidecars that others still need are started", (t) => {
	fc.assert(
		fc.property(
			worlds,
			losses,
			fc.constantFrom("terminate" as const, "remove" as const),
			(world, done, intent) => {
				world.intent = intent;
				live(world, done, (now) => {
					const isNeeded = now.containers.some(
						({ name, state }) =>
							state === "running" && now.pod.spec.containers.some((each) => each.name === name),
					);
					for (const action of decideIn(now).actions) {
						t.false(["createSandbox", "connect", "prepare"].includes(action.do));
						if (action.do === "start") {
							t.true(intent === "terminate" && action.sort === "sidecar" && isNeeded);
						}
					}
				});
				t.true(world.forgotten);
				t.deepEqual(
					[world.containers, world.sandboxes, world.connected, world.releasable],
					[[], [], undefined, false],
				);
			},
		),
	);
});

test("busy subjects are left alone, whatever they are", (t) => {
	const subjects = fc.subarray(["a", "b", "setup", "/prepare", "/sandbox", "/confirm"]);
	fc.assert(
		fc.property(worlds, subjects, (world, busy) => {
			const { actions } = decideIn(world, { busy: new Set(busy) });
			t.true(actions.every((action) => !busy.includes(subjectOf(action))));
		}),
	);
	t.pass();
});
