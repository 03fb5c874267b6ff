import { formatTime, type Pod, type PodStatus } from "@berth/api";
import test from "ava";
import { goDuration } from "./container-status.ts";
import { containerOf, IMAGE, NOW, podOf, sandboxOf } from "./decide.world.ts";
import type { ObservedContainer } from "./observed.ts";
import { type StatusInput, statusOf } from "./status.ts";

const inputOf = (
	containers: readonly ObservedContainer[],
	changes: Partial<StatusInput> = {},
): StatusInput => ({
	pod: podOf(),
	observed: { sandboxes: [sandboxOf(0, true)], containers },
	outcome: undefined,
	rejected: false,
	ended: false,
	verdict: () => ({ started: true, ready: true }),
	starting: new Set(),
	troubles: new Map(),
	messages: new Map(),
	users: new Map(),
	podIps: ["10.244.0.5"],
	hostIps: ["10.0.0.1"],
	sandboxReady: true,
	resize: {},
	now: NOW,
	...changes,
});
const condition = ({ conditions }: PodStatus, type: string) => conditions?.find((each) => each.type === type);
const exited = (changes: Partial<ObservedContainer> = {}) =>
	containerOf({ state: "exited", exitCode: 1, reason: "Error", ...changes });

test("a running pod", (t) => {
	const status = statusOf(inputOf([containerOf()]));
	t.like(status, {
		phase: "Running",
		podIP: "10.244.0.5",
		podIPs: [{ ip: "10.244.0.5" }],
		hostIP: "10.0.0.1",
		hostIPs: [{ ip: "10.0.0.1" }],
		startTime: formatTime(NOW),
		qosClass: "BestEffort",
	});
	t.deepEqual(
		status.conditions?.map(({ type, status: value }) => `${type}=${value}`),
		[
			"PodReadyToStartContainers=True",
			"Initialized=True",
			"Ready=True",
			"ContainersReady=True",
			"PodScheduled=True",
		],
	);
	t.deepEqual(status.containerStatuses?.[0], {
		name: "a",
		state: { running: { startedAt: formatTime(NOW - 1_000) } },
		lastState: {},
		ready: true,
		restartCount: 0,
		image: IMAGE,
		imageID: "docker://sha256:1",
		containerID: "docker://a-0",
		started: true,
		resources: {},
	});
});

test("a pod that is being made waits, for its init containers first", (t) => {
	t.deepEqual(statusOf(inputOf([])).containerStatuses?.[0]?.state, {
		waiting: { reason: "ContainerCreating" },
	});
	const pod = podOf({ initContainers: [{ name: "setup", image: IMAGE }] });
	const status = statusOf(inputOf([containerOf({ name: "setup" })], { pod }));
	t.is(status.phase, "Pending");
	t.deepEqual(status.containerStatuses?.[0]?.state, { waiting: { reason: "PodInitializing" } });
	t.like(condition(status, "Initialized"), {
		status: "False",
		reason: "ContainersNotInitialized",
		message: "containers with incomplete status: [setup]",
	});
	const after = statusOf(inputOf([exited({ name: "setup", exitCode: 0 })], { pod }));
	t.is(condition(after, "Initialized")?.status, "True");
	t.true(after.initContainerStatuses?.[0]?.ready);
});

test("a container that is not ready", (t) => {
	const status = statusOf(inputOf([containerOf()], { verdict: () => ({ started: true, ready: false }) }));
	t.is(status.phase, "Running");
	for (const type of ["Ready", "ContainersReady"]) {
		t.like(condition(status, type), {
			status: "False",
			reason: "ContainersNotReady",
			message: "containers with unready status: [a]",
		});
	}
});

test("a crash loop says how long it waits, and what happened before", (t) => {
	const status = statusOf(inputOf([exited({ attempt: 2, backoff: 20_000 }), exited({ attempt: 1 })]));
	t.is(status.phase, "Running");
	t.like(status.containerStatuses?.[0], {
		restartCount: 2,
		state: {
			waiting: {
				reason: "CrashLoopBackOff",
				message: "back-off 20s restarting failed container=a pod=web_default(u1)",
			},
		},
		lastState: { terminated: { exitCode: 1, reason: "Error", containerID: "docker://a-2" } },
	});
});

test("a container that runs again shows its last end", (t) => {
	const status = statusOf(inputOf([containerOf({ attempt: 1 }), exited()]));
	t.like(status.containerStatuses?.[0], {
		restartCount: 1,
		lastState: { terminated: { exitCode: 1, containerID: "docker://a-0" } },
	});
});

test("a container that probes had stopped waits to run again; one that crashed has ended", (t) => {
	const verdict = () => ({ started: false, ready: false, failed: "startup" as const });
	const stopped = statusOf(inputOf([exited({ exitCode: 137 })], { verdict })).containerStatuses?.[0];
	t.deepEqual(stopped?.state, { waiting: { reason: "ContainerCreating" } });
	t.is(stopped?.lastState?.terminated?.exitCode, 137);
	t.like(statusOf(inputOf([exited()])).containerStatuses?.[0]?.state, { terminated: { exitCode: 1 } });
	const never = podOf({ restartPolicy: "Never" });
	const over = statusOf(inputOf([exited()], { verdict, pod: never })).containerStatuses?.[0];
	t.like(over?.state, { terminated: { exitCode: 1 } });
});

test("what keeps a container from starting", (t) => {
	const troubles = new Map([["a", { reason: "ErrImagePull", message: "no such host" }]]);
	const waiting = { waiting: { reason: "ErrImagePull", message: "no such host" } };
	t.deepEqual(statusOf(inputOf([], { troubles })).containerStatuses?.[0]?.state, waiting);
	const again = statusOf(inputOf([exited({ backoff: 10_000 })], { troubles })).containerStatuses?.[0];
	t.deepEqual(again?.state, waiting);
	t.is(again?.lastState?.terminated?.exitCode, 1);
});

test("the end of a pod", (t) => {
	const pod = podOf({ restartPolicy: "Never" });
	const done = statusOf(
		inputOf([exited({ exitCode: 0, reason: "Completed" })], { pod, outcome: { phase: "Succeeded" } }),
	);
	t.is(done.phase, "Succeeded");
	t.like(condition(done, "Ready"), { status: "False", reason: "PodCompleted" });
	t.like(condition(done, "Initialized"), { status: "True", reason: "PodCompleted" });
	t.like(done.containerStatuses?.[0]?.state, { terminated: { exitCode: 0, reason: "Completed" } });
	const late = statusOf(
		inputOf([exited()], {
			pod,
			outcome: { phase: "Failed", reason: "DeadlineExceeded", message: "too long" },
		}),
	);
	t.like(late, { phase: "Failed", reason: "DeadlineExceeded", message: "too long" });
	const stopping = statusOf(inputOf([containerOf()], { pod, outcome: { phase: "Failed" } }));
	t.is(stopping.phase, "Running");
});

test("a pod that is deleted ends, though its containers would have gone on", (t) => {
	const deleted: Pod = {
		...podOf(),
		metadata: { ...podOf().metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
	};
	const status = statusOf(
		inputOf([exited({ exitCode: 143, backoff: 10_000 })], { pod: deleted, ended: true }),
	);
	t.is(status.phase, "Failed");
	t.like(status.containerStatuses?.[0]?.state, { terminated: { exitCode: 143 } });
});

test("a condition keeps its time until its status changes, and others keep theirs", (t) => {
	const first = statusOf(inputOf([containerOf()]));
	const gate = { type: "example.com/gate", status: "True" };
	const pod: Pod = {
		...podOf({ readinessGates: [{ conditionType: "example.com/gate" }, { conditionType: "other" }] }),
		status: { ...first, conditions: [...(first.conditions ?? []), gate] },
	};
	const second = statusOf(inputOf([containerOf()], { pod, now: NOW + 60_000 }));
	t.is(condition(second, "ContainersReady")?.lastTransitionTime, formatTime(NOW));
	t.like(condition(second, "Ready"), {
		status: "False",
		reason: "ReadinessGatesNotReady",
		message: 'corresponding condition of pod readiness gate "other" does not exist.',
		lastTransitionTime: formatTime(NOW + 60_000),
	});
	t.deepEqual(condition(second, "example.com/gate"), gate);
});

test("last words are shown, and cut", (t) => {
	const messages = new Map([["a-0", "x".repeat(5_000)]]);
	const pod = podOf({ restartPolicy: "Never" });
	const status = statusOf(inputOf([exited()], { pod, messages, outcome: { phase: "Failed" } }));
	t.is(status.containerStatuses?.[0]?.state?.terminated?.message?.length, 4_096);
});

test("messages of many containers share twelve kibibytes, and no character is cut", (t) => {
	const containers = ["a", "b", "c", "d", "e", "f"].map((name) => ({ name, image: IMAGE }));
	const pod = podOf({ restartPolicy: "Never", containers });
	const messages = new Map([["a-0", `x${"é".repeat(5_000)}`]]);
	const status = statusOf(inputOf([exited()], { pod, messages }));
	t.is(status.containerStatuses?.[0]?.state?.terminated?.message, `x${"é".repeat(1_023)}`);
});

test("a container whose hook after the start still runs has not started", (t) => {
	const lifecycle = { postStart: { sleep: { seconds: 5 } } };
	const pod = podOf({ containers: [{ name: "a", image: IMAGE, lifecycle }] });
	const [status] =
		statusOf(inputOf([containerOf()], { pod, starting: new Set(["a"]) })).containerStatuses ?? [];
	t.deepEqual(status?.state, { waiting: { reason: "ContainerCreating" } });
});

test("a debugging container is neither ready nor started, and ends for good", (t) => {
	const pod = podOf({ ephemeralContainers: [{ name: "debug", image: IMAGE }] });
	const debug = (container: ObservedContainer) =>
		statusOf(inputOf([containerOf(), container], { pod })).ephemeralContainerStatuses?.[0];
	const running = debug(containerOf({ name: "debug" }));
	t.false(running?.ready);
	t.truthy(running?.state?.running);
	t.false(Object.hasOwn(running ?? {}, "started"));
	t.like(debug(exited({ name: "debug" }))?.state, { terminated: { exitCode: 1 } });
});

test("a pod whose sidecar still runs has not come to its end", (t) => {
	const pod = podOf({
		restartPolicy: "Never",
		initContainers: [{ name: "side", image: IMAGE, restartPolicy: "Always" }],
	});
	const containers = [exited({ exitCode: 0 }), containerOf({ name: "side" })];
	t.is(statusOf(inputOf(containers, { pod, outcome: { phase: "Succeeded" } })).phase, "Running");
});

test("while all containers restart a condition says so", (t) => {
	const restartPolicyRules = [
		{ action: "RestartAllContainers", exitCodes: { operator: "In", values: [1] } },
	] as const;
	const pod = podOf({
		containers: [{ name: "a", image: IMAGE, restartPolicy: "Never", restartPolicyRules }],
	});
	const during = statusOf(inputOf([exited()], { pod }));
	t.like(condition(during, "AllContainersRestarting"), { status: "True" });
	t.deepEqual(during.containerStatuses?.[0]?.state, { waiting: { reason: "RestartingAllContainers" } });
	t.is(during.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 1);
	const again = containerOf({ attempt: 1, round: 1 });
	const after = statusOf(inputOf([again, exited()], { pod: { ...pod, status: during } }));
	t.is(condition(after, "AllContainersRestarting")?.status, "False");
});

test("durations as Go prints them", (t) => {
	t.deepEqual([10_000, 60_000, 80_000, 300_000].map(goDuration), ["10s", "1m0s", "1m20s", "5m0s"]);
});
