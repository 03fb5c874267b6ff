import test from "ava";
import type { ContainerInfo } from "../runtime/runtime.ts";
import { podOf } from "./decide.world.ts";
import { LABEL, SANDBOX } from "./labels.ts";
import { currentSandbox, latestOf, observe, previousOf, withMemory } from "./observed.ts";

const infoOf = (container: string, attempt: number, changes: Partial<ContainerInfo> = {}): ContainerInfo => ({
	id: `${container}-${attempt}`,
	name: "",
	labels: {
		[LABEL.container]: container,
		[LABEL.attempt]: `${attempt}`,
		[LABEL.sandbox]: "POD-0",
		[LABEL.backoff]: "10000",
	},
	state: "running",
	pid: 7,
	createdAt: 1_000,
	startedAt: 2_000,
	finishedAt: 0,
	exitCode: 0,
	oomKilled: false,
	error: "",
	image: "app:1",
	imageId: "sha256:1",
	stopSignal: "SIGTERM",
	logPath: "",
	tty: false,
	stdin: false,
	hostNetwork: false,
	limits: {},
	writableLayer: "",
	...changes,
});

test("sandboxes and containers, newest first", (t) => {
	const observed = observe([
		infoOf("a", 0),
		infoOf(SANDBOX, 0, { state: "exited" }),
		infoOf("a", 2),
		infoOf(SANDBOX, 1),
		infoOf("a", 1),
	]);
	t.deepEqual(
		observed.sandboxes.map(({ attempt }) => attempt),
		[1, 0],
	);
	t.is(currentSandbox(observed)?.attempt, 1);
	const latest = latestOf(observed, "a");
	t.like(latest, { attempt: 2, sandbox: "POD-0", backoff: 0 }, "it did not crash: its sandbox is gone");
	t.is(observe([infoOf("a", 0), infoOf(SANDBOX, 0)]).containers[0]?.backoff, 10_000);
	t.is(previousOf(observed, latest!)?.attempt, 1);
});

test("reasons of an end", (t) => {
	const reasonOf = (changes: Partial<ContainerInfo>) =>
		observe([infoOf("a", 0, { state: "exited", ...changes })]).containers[0]?.reason;
	t.is(reasonOf({ exitCode: 0 }), "Completed");
	t.is(reasonOf({ exitCode: 1 }), "Error");
	t.is(reasonOf({ exitCode: 137, oomKilled: true }), "OOMKilled");
	t.is(reasonOf({ state: "running" }), "");
});

test("a container that could not be started has ended with Kubernetes' code for it", (t) => {
	const [container] = observe([
		infoOf("a", 0, { state: "created", error: "no such file", exitCode: 127 }),
	]).containers;
	t.like(container, {
		state: "exited",
		exitCode: 128,
		reason: "StartError",
		message: "no such file",
		finishedAt: 1_000,
	});
});

test("what somebody removed from the host is remembered from the status", (t) => {
	const status = {
		name: "a",
		restartCount: 3,
		image: "app:1",
		imageID: "x",
		ready: false,
		containerID: "docker://gone",
	};
	const at = { startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:01:00Z" };
	const pod = {
		...podOf(),
		status: {
			containerStatuses: [
				{
					...status,
					state: { terminated: { exitCode: 4, reason: "Error", containerID: "docker://gone", ...at } },
				},
			],
		},
	};
	const observed = withMemory(observe([]), pod);
	t.like(observed.containers[0], { id: "gone", attempt: 3, state: "exited", exitCode: 4, remembered: true });

	const running = { ...podOf(), status: { containerStatuses: [{ ...status, state: { running: at } }] } };
	t.like(withMemory(observe([]), running).containers[0], {
		state: "exited",
		exitCode: 137,
		reason: "ContainerStatusUnknown",
	});

	const present = observe([infoOf("a", 3, { id: "gone" })]);
	t.is(withMemory(present, pod), present);
	const again = {
		...podOf(),
		status: {
			containerStatuses: [
				{
					...status,
					containerID: "docker://now",
					state: { running: at },
					lastState: { terminated: { exitCode: 4, reason: "Error", containerID: "docker://gone", ...at } },
				},
			],
		},
	};
	const before = withMemory(observe([infoOf("a", 3, { id: "now" })]), again);
	t.like(previousOf(before, before.containers[0] ?? t.fail()), { id: "gone", attempt: 2, exitCode: 4 });
});
