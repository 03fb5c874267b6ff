import test from "ava";
import { row, sampleContainer, sampleMeta, samplePod, sampleStatus } from "../testing/samples.ts";
import { Pod } from "./pod.ts";
import { podSummary } from "./pod-columns.ts";
import type { PodSpec } from "./pod-spec.ts";
import type { PodStatus } from "./pod-status.ts";

const running = { running: { startedAt: "2026-01-02T11:56:00Z" } };
const ended = (exitCode: number, reason?: string) => ({ terminated: { exitCode, reason } });
const twoInits: Partial<PodSpec> = {
	initContainers: [sampleContainer({ name: "a" }), sampleContainer({ name: "b" })],
};
const sidecar: Partial<PodSpec> = {
	initContainers: [sampleContainer({ name: "proxy", restartPolicy: "Always" })],
};
const ready = [{ type: "Ready", status: "True" }];

const cases: [title: string, spec: Partial<PodSpec>, status: PodStatus, expected: string][] = [
	["just made", {}, { phase: "Pending" }, "0/1 Pending"],
	["phase reason wins", {}, { phase: "Failed", reason: "Evicted" }, "0/1 Evicted"],
	[
		"held back",
		{},
		{ phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] },
		"0/1 SchedulingGated",
	],
	[
		"container is made",
		{},
		{ phase: "Pending", containerStatuses: [sampleStatus({ waiting: { reason: "ContainerCreating" } })] },
		"0/1 ContainerCreating",
	],
	[
		"no such image",
		{},
		{ phase: "Pending", containerStatuses: [sampleStatus({ waiting: { reason: "ImagePullBackOff" } })] },
		"0/1 ImagePullBackOff",
	],
	["runs", {}, { phase: "Running", containerStatuses: [sampleStatus(running)] }, "1/1 Running"],
	[
		"runs and is not ready",
		{},
		{ phase: "Running", containerStatuses: [sampleStatus(running, { ready: false })] },
		"0/1 Running",
	],
	[
		"completed",
		{},
		{ phase: "Succeeded", containerStatuses: [sampleStatus(ended(0, "Completed"))] },
		"0/1 Completed",
	],
	["failed", {}, { phase: "Failed", containerStatuses: [sampleStatus(ended(1, "Error"))] }, "0/1 Error"],
	["exit code", {}, { phase: "Failed", containerStatuses: [sampleStatus(ended(3))] }, "0/1 ExitCode:3"],
	[
		"signal",
		{},
		{ phase: "Failed", containerStatuses: [sampleStatus({ terminated: { exitCode: 137, signal: 9 } })] },
		"0/1 Signal:9",
	],
	[
		"one of two completed, pod ready",
		{ containers: [sampleContainer({ name: "a" }), sampleContainer({ name: "b" })] },
		{
			phase: "Running",
			conditions: ready,
			containerStatuses: [
				sampleStatus(ended(0, "Completed"), { name: "a" }),
				sampleStatus(running, { name: "b" }),
			],
		},
		"1/2 Running",
	],
	[
		"one of two completed, pod not ready",
		{ containers: [sampleContainer({ name: "a" }), sampleContainer({ name: "b" })] },
		{
			phase: "Running",
			containerStatuses: [
				sampleStatus(ended(0, "Completed"), { name: "a" }),
				sampleStatus(running, { name: "b" }),
			],
		},
		"1/2 NotReady",
	],
	[
		"the first container speaks",
		{ containers: [sampleContainer({ name: "a" }), sampleContainer({ name: "b" })] },
		{
			phase: "Running",
			containerStatuses: [
				sampleStatus({ waiting: { reason: "CrashLoopBackOff" } }, { name: "a" }),
				sampleStatus({ waiting: { reason: "ErrImagePull" } }, { name: "b" }),
			],
		},
		"0/2 CrashLoopBackOff",
	],
	[
		"first init container waits",
		twoInits,
		{
			phase: "Pending",
			initContainerStatuses: [sampleStatus({ waiting: { reason: "PodInitializing" } }, { name: "a" })],
		},
		"0/1 Init:0/2",
	],
	[
		"second init container runs",
		twoInits,
		{
			phase: "Pending",
			initContainerStatuses: [
				sampleStatus(ended(0, "Completed"), { name: "a" }),
				sampleStatus(running, { name: "b", ready: false }),
			],
		},
		"0/1 Init:1/2",
	],
	[
		"init container crashes",
		twoInits,
		{
			phase: "Pending",
			initContainerStatuses: [sampleStatus({ waiting: { reason: "CrashLoopBackOff" } }, { name: "a" })],
		},
		"0/1 Init:CrashLoopBackOff",
	],
	[
		"init container failed",
		twoInits,
		{ phase: "Pending", initContainerStatuses: [sampleStatus(ended(1, "Error"), { name: "a" })] },
		"0/1 Init:Error",
	],
	[
		"init container failed wordlessly",
		twoInits,
		{ phase: "Pending", initContainerStatuses: [sampleStatus(ended(2), { name: "a" })] },
		"0/1 Init:ExitCode:2",
	],
	[
		"init done, containers start",
		twoInits,
		{
			phase: "Pending",
			initContainerStatuses: [
				sampleStatus(ended(0, "Completed"), { name: "a" }),
				sampleStatus(ended(0, "Completed"), { name: "b" }),
			],
			containerStatuses: [sampleStatus({ waiting: { reason: "PodInitializing" } })],
		},
		"0/1 PodInitializing",
	],
	[
		"a sidecar counts",
		sidecar,
		{
			phase: "Running",
			initContainerStatuses: [sampleStatus(running, { name: "proxy", started: true })],
			containerStatuses: [sampleStatus(running)],
		},
		"2/2 Running",
	],
];

for (const [title, spec, status, expected] of cases)
	test(title, (t) => {
		const summary = podSummary(samplePod(spec, status));
		t.is(`${summary.ready}/${summary.total} ${summary.status}`, expected);
	});

test("a pod that goes away says so, unless it has ended", (t) => {
	const going = (status: PodStatus): Pod => ({
		...samplePod({}, status),
		metadata: sampleMeta("web", { deletionTimestamp: "2026-01-02T11:59:00Z" }),
	});
	t.is(podSummary(going({ phase: "Running" })).status, "Terminating");
	t.is(podSummary(going({ phase: "Failed" })).status, "Failed");
	t.is(podSummary(going({ phase: "Running", reason: "NodeLost" })).status, "Unknown");
});

test("the whole row", (t) => {
	const pod = samplePod(
		{
			nodeName: "host-1",
			readinessGates: [{ conditionType: "example.com/a" }, { conditionType: "example.com/b" }],
		},
		{
			phase: "Running",
			podIPs: [{ ip: "10.244.1.7" }],
			conditions: [...ready, { type: "example.com/a", status: "True" }],
			containerStatuses: [
				sampleStatus(running, {
					restartCount: 2,
					lastState: { terminated: { exitCode: 1, finishedAt: "2026-01-02T11:57:00Z" } },
				}),
			],
		},
	);
	t.deepEqual(row(Pod, pod), {
		Ready: "1/1",
		Status: "Running",
		Restarts: "2 (3m ago)",
		Age: "5m",
		IP: "10.244.1.7",
		Node: "host-1",
		"Nominated Node": "<none>",
		"Readiness Gates": "1/2",
	});
	t.deepEqual(
		Pod.columns.map((column) => column.priority ?? 0),
		[0, 0, 0, 0, 1, 1, 1, 1],
	);
	t.is(row(Pod, samplePod()).Restarts, "0");
});
