/** A small world for the tests of decide(): what actions do to what is there, with programs that end as they are told. */
import type { Pod } from "@berth/api";
import fc from "fast-check";
import type { Action } from "./actions.ts";
import { type Decision, decide, type Situation } from "./decide.ts";
import type { ObservedContainer, Sandbox } from "./observed.ts";

export interface World {
	pod: Pod;
	intent: Situation["intent"];
	sandboxes: Sandbox[];
	containers: ObservedContainer[];
	connected: Situation["connected"];
	prepared: boolean;
	releasable: boolean;
	cleared: boolean;
	confirmed: boolean;
	forgotten: boolean;
	now: number;
	/** Exit code of each further run of a container; runs on when there is none. */
	exits: Map<string, number[]>;
}

export const IMAGE = "app:1";
export const NOW = 1_000_000_000;

export const podOf = (spec: Partial<Pod["spec"]> = {}): Pod => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: {
		name: "web",
		namespace: "default",
		uid: "u1",
		resourceVersion: "1",
		creationTimestamp: "2026-01-01T00:00:00Z",
	},
	spec: { restartPolicy: "Always", containers: [{ name: "a", image: IMAGE }], ...spec },
});

export const containerOf = (changes: Partial<ObservedContainer> = {}): ObservedContainer => ({
	id: `${changes.name ?? "a"}-${changes.attempt ?? 0}`,
	name: "a",
	attempt: 0,
	sandbox: "s0",
	state: "running",
	startedAt: NOW - 1_000,
	finishedAt: changes.state === "exited" ? NOW - 500 : 0,
	exitCode: 0,
	reason: "",
	message: "",
	image: IMAGE,
	imageId: "docker://sha256:1",
	pid: 0,
	limits: {},
	stopSignal: "SIGTERM",
	round: 0,
	backoff: 0,
	remembered: false,
	...changes,
});

export const sandboxOf = (attempt: number, running: boolean): Sandbox => ({
	id: `s${attempt}`,
	attempt,
	running,
	pid: running ? 100 + attempt : 0,
	createdAt: NOW - 2_000,
});

export const worldOf = (changes: Partial<World> = {}): World => ({
	pod: podOf(),
	intent: "run",
	sandboxes: [],
	containers: [],
	connected: undefined,
	prepared: false,
	releasable: false,
	cleared: false,
	confirmed: false,
	forgotten: false,
	now: NOW,
	exits: new Map(),
	...changes,
});

/** A pod that runs as it should. */
export const settled = (changes: Partial<World> = {}): World =>
	worldOf({
		sandboxes: [sandboxOf(0, true)],
		containers: [containerOf()],
		connected: { sandbox: "s0", complete: true },
		prepared: true,
		releasable: true,
		...changes,
	});

const newestFirst = (a: { attempt: number }, b: { attempt: number }) => b.attempt - a.attempt;

export const decideIn = (world: World, changes: Partial<Situation> = {}): Decision =>
	decide({
		pod: world.pod,
		intent: world.intent,
		observed: {
			sandboxes: world.sandboxes.toSorted(newestFirst),
			containers: world.containers.toSorted(newestFirst),
		},
		busy: new Set(),
		retryAt: new Map(),
		verdict: () => ({ started: true, ready: true }),
		prepared: world.prepared,
		releasable: world.releasable,
		cleared: world.cleared,
		connected: world.connected,
		confirmed: world.confirmed,
		now: world.now,
		...changes,
	});

/** Does an action to the world, at once and as a whole. */
export function perform(world: World, action: Action): void {
	const ended = (container: ObservedContainer): ObservedContainer => ({
		...container,
		state: "exited",
		exitCode: 137,
		finishedAt: world.now,
	});
	switch (action.do) {
		case "prepare":
			world.prepared = true;
			world.releasable = true;
			return;
		case "clear":
			world.cleared = true;
			return;
		case "release":
			world.prepared = false;
			world.releasable = false;
			return;
		case "createSandbox":
			world.sandboxes.push(sandboxOf(action.attempt, true));
			return;
		case "connect":
			world.connected = { sandbox: action.sandbox, complete: true };
			return;
		case "stopSandbox":
			world.connected = undefined;
			world.sandboxes = world.sandboxes.map((sandbox) => ({ ...sandbox, running: false, pid: 0 }));
			return;
		case "removeSandbox":
			world.sandboxes = world.sandboxes.filter(({ id }) => id !== action.id);
			return;
		case "start": {
			const code = world.exits.get(action.name)?.shift();
			const { name, attempt, round, sandbox, backoff } = action;
			const run = containerOf({
				id: `${name}-${attempt}-new`,
				name,
				attempt,
				round,
				sandbox,
				backoff,
				startedAt: world.now,
			});
			world.containers.push(code === undefined ? run : { ...ended(run), exitCode: code });
			return;
		}
		case "stop":
			world.containers = world.containers.map((each) => (each.id === action.target.id ? ended(each) : each));
			return;
		case "remove":
			world.containers = world.containers.filter(({ id }) => id !== action.id);
			return;
		case "confirm":
			world.confirmed = true;
			world.intent = "remove";
			return;
		case "forget":
			world.forgotten = true;
	}
}

/** Any mess that crashes, other programs and people may leave behind. */
export const messes: fc.Arbitrary<Pick<World, "sandboxes" | "containers" | "connected" | "prepared">> = fc
	.record({
		running: fc.array(fc.boolean(), { maxLength: 3 }),
		containers: fc.array(
			fc.record({
				name: fc.constantFrom("a", "b", "setup", "stranger"),
				attempt: fc.nat(4),
				sandbox: fc.constantFrom("s0", "s1", "s2", "gone"),
				state: fc.constantFrom("created", "running", "exited"),
				exitCode: fc.constantFrom(0, 1, 137),
				age: fc.nat(1_000_000),
				backoff: fc.constantFrom(0, 10_000, 300_000),
				image: fc.constantFrom(IMAGE, IMAGE, "app:0"),
			}),
			{ maxLength: 8 },
		),
		connected: fc.option(
			fc.record({ sandbox: fc.constantFrom("s0", "s1", "s2", "gone"), complete: fc.boolean() }),
			{ nil: undefined },
		),
		prepared: fc.boolean(),
	})
	.map(({ running, containers, connected, prepared }) => ({
		sandboxes: running.map((isRunning, attempt) => sandboxOf(attempt, isRunning)),
		containers: containers.map(
			({ age, ...each }, index): ObservedContainer =>
				containerOf({
					...each,
					state: each.state as ObservedContainer["state"],
					id: `${each.name}-${each.attempt}-${index}`,
					startedAt: NOW - age - 1_000,
					finishedAt: each.state === "exited" ? NOW - age : 0,
				}),
		),
		connected,
		prepared,
	}));
