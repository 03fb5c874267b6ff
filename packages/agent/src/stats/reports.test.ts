import { systemClock } from "@berth/api";
import test from "ava";
import { Registry } from "prom-client";
import { createFakeRuntime } from "../runtime/fake.ts";
import type { ContainerInfo } from "../runtime/runtime.ts";
import { createAgentMetrics, exposeAgentFacts } from "./agent-metrics.ts";
import { cadvisorMetrics } from "./cadvisor-metrics.ts";
import { exposition } from "./exposition.ts";
import { resourceMetrics } from "./resource-metrics.ts";
import type { ContainerSample, Sample } from "./samples.ts";
import { summaryOf } from "./summary.ts";
import { timedRuntime } from "./timed-runtime.ts";

const container = (name: string, cpu: number, workingSet: number, nanoCores?: number): ContainerSample => ({
	info: { id: `${name}-id`, image: "app:1", startedAt: 1_700_000_000_000, pid: 7 } as ContainerInfo,
	name,
	cgroup: `/berth/podu/${name}`,
	usage: {
		cpu: { total: cpu, periods: 0, throttledPeriods: 0, throttled: 0 },
		memory: {
			usage: workingSet + 100,
			workingSet,
			rss: workingSet,
			cache: 100,
			swap: 0,
			limit: 10_000,
			pageFaults: 1,
			majorPageFaults: 0,
		},
		processes: 1,
	},
	cpuRate: nanoCores === undefined ? undefined : { nanoCores, window: 15 },
});

const files = { capacity: 1000, available: 600, used: 400, inodes: 100, inodesFree: 90 };
const eth0 = {
	name: "eth0",
	rxBytes: 1,
	rxPackets: 2,
	rxErrors: 3,
	rxDropped: 4,
	txBytes: 5,
	txPackets: 6,
	txErrors: 7,
	txDropped: 8,
};
const sample: Sample = {
	host: {
		at: 1_700_000_100_000,
		cpuRate: { nanoCores: 300, window: 15 },
		interfaces: [eth0],
		files,
		images: files,
		usage: {
			cpu: 9e9,
			memory: {
				total: 100_000,
				usage: 60_000,
				workingSet: 40_000,
				available: 55_000,
				rss: 1,
				cache: 2,
				swap: 0,
				pageFaults: 3,
				majorPageFaults: 4,
			},
			processes: { running: 50, most: 32_768 },
			startedAt: 1_600_000_000_000,
		},
	},
	pods: [
		{
			namespace: "default",
			name: "web-0",
			uid: "u",
			startedAt: 1_700_000_000_000,
			containers: [container("web", 2e9, 2_000, 100), container("log", 1e9, 1_000, 50)],
			sandbox: container("POD", 0, 10, 0),
			interfaces: [eth0],
		},
	],
};

test("the summary, as metrics-server and kubectl top read it", (t) => {
	const summary = summaryOf({ nodeName: "one", sample }) as { node: object; pods: readonly object[] };
	t.like(summary.node, {
		nodeName: "one",
		cpu: { time: "2023-11-14T22:15:00Z", usageNanoCores: 300, usageCoreNanoSeconds: 9e9 },
		memory: { availableBytes: 60_000, workingSetBytes: 40_000 },
		fs: { availableBytes: 600, capacityBytes: 1000, usedBytes: 400, inodesUsed: 10 },
		rlimit: { maxpid: 32_768, curproc: 50 },
	});
	t.like(summary.pods[0], {
		podRef: { name: "web-0", namespace: "default", uid: "u" },
		cpu: { usageNanoCores: 150, usageWindowSeconds: 15, usageCoreNanoSeconds: 3e9 },
		memory: { workingSetBytes: 3_010 },
		network: { name: "eth0", rxBytes: 1, txErrors: 7 },
		process_stats: { process_count: 3 },
	});
	t.false("volume" in (summary.pods[0] ?? {}));
});

test("the summary with disks", (t) => {
	const disk = new Map([
		[
			"u",
			{
				containers: new Map([["web", { layer: { bytes: 10, inodes: 1 }, log: { bytes: 20, inodes: 2 } }]]),
				volumes: new Map([["cache", { bytes: 30, inodes: 3 }]]),
			},
		],
	]);
	const { pods } = summaryOf({ nodeName: "one", sample, disk }) as { pods: readonly object[] };
	t.like(pods[0], {
		"ephemeral-storage": { usedBytes: 60, inodesUsed: 6, capacityBytes: 1000 },
		volume: [{ name: "cache", usedBytes: 30 }],
	});
});

test("metrics/resource carries the time of the sample", (t) => {
	const text = resourceMetrics(sample);
	t.true(
		text.includes(
			'container_cpu_usage_seconds_total{container="web",namespace="default",pod="web-0"} 2 1700000100000\n',
		),
	);
	t.true(text.includes("node_cpu_usage_seconds_total 9 1700000100000\n"));
	t.true(text.includes('pod_memory_working_set_bytes{namespace="default",pod="web-0"} 3010 1700000100000\n'));
	t.regex(text, /^container_start_time_seconds\{.*container="web".*\} 1700000000$/m);
});

test("metrics/cadvisor counts no sandbox as a container", (t) => {
	const text = cadvisorMetrics(sample, { cpus: 2, memory: 100 });
	t.regex(
		text,
		/^container_cpu_usage_seconds_total\{container="web",id="\/berth\/podu\/web",.*cpu="total"\} 2 /m,
	);
	t.regex(text, /^container_memory_working_set_bytes\{container="",.*pod="web-0"\} 10 /m);
	t.notRegex(text, /container="POD"/);
	t.regex(text, /^container_network_receive_bytes_total\{container="",.*interface="eth0"\} 1 /m);
	t.regex(text, /^machine_cpu_cores 2$/m);
});

test("label values are escaped, and families without series left out", (t) => {
	const series = [{ labels: { a: 'x"\\\n' }, value: 1 }];
	t.is(
		exposition([
			{ name: "some", type: "gauge", help: "Help.", series },
			{ name: "none", type: "gauge", help: "Help.", series: [] },
		]),
		'# HELP some Help.\n# TYPE some gauge\nsome{a="x\\"\\\\\\n"} 1\n',
	);
});

test("the agent's own work", async (t) => {
	const of = (container: string, state: ContainerInfo["state"]) => ({
		labels: { "io.kubernetes.container.name": container },
		state,
	});
	const registry = new Registry();
	const metrics = createAgentMetrics(registry);
	exposeAgentFacts(registry, {
		nodeName: "one",
		containers: () => [of("POD", "running"), of("POD", "exited"), of("web", "running"), of("web", "exited")],
		evictions: () => new Map([["memory.available", 2]]),
	});
	metrics.podStarted(1.5, 2.5);
	const text = await registry.metrics();
	for (const line of [
		'kubelet_node_name{node="one"} 1',
		"kubelet_running_pods 1",
		'kubelet_running_containers{container_state="exited"} 1',
		'kubelet_evictions{eviction_signal="memory.available"} 2',
		'kubelet_pod_start_duration_seconds_bucket{le="1"} 0',
		'kubelet_pod_start_duration_seconds_bucket{le="2"} 1',
		"kubelet_pod_start_total_duration_seconds_sum 2.5",
	]) {
		t.true(text.includes(`${line}\n`), line);
	}
	t.is(await registry.metrics(), text);
});

test("calls to the engine are timed by what they ask for, and failures counted", async (t) => {
	const registry = new Registry();
	const fake = createFakeRuntime({ clock: systemClock, images: ["app:1"] });
	const runtime = timedRuntime(fake, createAgentMetrics(registry));
	await runtime.list({});
	await runtime.list({});
	await t.throwsAsync(runtime.start("nothing"));
	const text = await registry.metrics();
	for (const line of [
		'kubelet_runtime_operations_total{operation_type="list_containers"} 2',
		'kubelet_runtime_operations_duration_seconds_count{operation_type="list_containers"} 2',
		'kubelet_runtime_operations_total{operation_type="start_container"} 1',
		'kubelet_runtime_operations_errors_total{operation_type="start_container"} 1',
	]) {
		t.true(text.includes(`${line}\n`), line);
	}
	t.false(text.includes('errors_total{operation_type="list_containers"}'));
	await fake.close();
});
