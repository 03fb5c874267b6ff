/**
 * `/metrics/cadvisor`: the names that dashboards and alert rules for Kubernetes use. Pure.
 * Source: cAdvisor's docs/storage/prometheus.md.
 */
import { exposition, type Family } from "./exposition.ts";
import type { InterfaceUsage } from "./network-usage.ts";
import type { ContainerSample, PodSample, Sample } from "./samples.ts";

export interface MachineFacts {
	readonly cpus: number;
	/** Bytes. */
	readonly memory: number;
}

/** Measured in parts of the kernel's 100 ms period. */
const PERIOD = 100_000;
const NANO = 1e9;
const ROOT = { id: "/" };

export function cadvisorMetrics({ host, pods }: Sample, machine: MachineFacts): string {
	const { at } = host;
	const containers = pods.flatMap((pod) => [
		...pod.containers.map((sample) => ({ labels: containerLabels(pod, sample), sample })),
		// The sandbox has no container name of its own: sums over a pod's containers must not count it twice.
		...(pod.sandbox
			? [{ labels: { ...containerLabels(pod, pod.sandbox), container: "" }, sample: pod.sandbox }]
			: []),
	]);
	const family = (
		type: Family["type"],
		name: string,
		help: string,
		of: (sample: ContainerSample) => number,
		more: { readonly node?: number; readonly labels?: Readonly<Record<string, string>> } = {},
	): Family => ({
		name: `container_${name}`,
		type,
		help,
		series: [
			...(more.node === undefined ? [] : [{ labels: { ...ROOT, ...more.labels }, value: more.node, at }]),
			...containers.map(({ labels, sample }) => ({
				labels: { ...labels, ...more.labels },
				value: of(sample),
				at,
			})),
		],
	});
	const network = (name: string, help: string, of: (usage: InterfaceUsage) => number): Family => ({
		name: `container_network_${name}_total`,
		type: "counter",
		help,
		series: [
			...host.interfaces.map((each) => ({ labels: { ...ROOT, interface: each.name }, value: of(each), at })),
			...pods.flatMap((pod) =>
				pod.interfaces.map((each) => ({
					labels: {
						...(pod.sandbox ? containerLabels(pod, pod.sandbox) : podLabels(pod)),
						container: "",
						interface: each.name,
					},
					value: of(each),
					at,
				})),
			),
		],
	});
	const { memory, cpu } = host.usage;
	return exposition([
		family(
			"counter",
			"cpu_usage_seconds_total",
			"Processor time used, in seconds.",
			({ usage }) => usage.cpu.total / NANO,
			{
				node: cpu / NANO,
				labels: { cpu: "total" },
			},
		),
		family(
			"counter",
			"cpu_cfs_periods_total",
			"Periods of the processor limit that have passed.",
			({ usage }) => usage.cpu.periods,
		),
		family(
			"counter",
			"cpu_cfs_throttled_periods_total",
			"Periods in which the limit held the container back.",
			({ usage }) => usage.cpu.throttledPeriods,
		),
		family(
			"counter",
			"cpu_cfs_throttled_seconds_total",
			"Time for which the limit held the container back, in seconds.",
			({ usage }) => usage.cpu.throttled / NANO,
		),
		family(
			"gauge",
			"memory_usage_bytes",
			"Memory used, in bytes, caches included.",
			({ usage }) => usage.memory.usage,
			{ node: memory.usage },
		),
		family(
			"gauge",
			"memory_working_set_bytes",
			"Working set, in bytes.",
			({ usage }) => usage.memory.workingSet,
			{ node: memory.workingSet },
		),
		family("gauge", "memory_rss", "Anonymous memory, in bytes.", ({ usage }) => usage.memory.rss, {
			node: memory.rss,
		}),
		family("gauge", "memory_cache", "Page cache, in bytes.", ({ usage }) => usage.memory.cache, {
			node: memory.cache,
		}),
		family("gauge", "memory_swap", "Swap used, in bytes.", ({ usage }) => usage.memory.swap, {
			node: memory.swap,
		}),
		family("counter", "memory_failures_total", "Page faults.", ({ usage }) => usage.memory.pageFaults, {
			node: memory.pageFaults,
			labels: { failure_type: "pgfault", scope: "container" },
		}),
		family(
			"gauge",
			"spec_memory_limit_bytes",
			"Memory limit, in bytes; 0 is none.",
			({ usage }) => usage.memory.limit,
		),
		family("gauge", "spec_cpu_period", "Period of the processor limit, in microseconds.", () => PERIOD),
		family(
			"gauge",
			"start_time_seconds",
			"Start time since the epoch, in seconds.",
			({ info }) => info.startedAt / 1000,
			{
				node: host.usage.startedAt / 1000,
			},
		),
		family("gauge", "last_seen", "When the container was last seen, in seconds since the epoch.", () =>
			Math.floor(at / 1000),
		),
		family("gauge", "processes", "Processes and threads in the container.", ({ usage }) => usage.processes),
		network("receive_bytes", "Bytes received.", ({ rxBytes }) => rxBytes),
		network("receive_packets", "Packets received.", ({ rxPackets }) => rxPackets),
		network("receive_packets_dropped", "Packets dropped while receiving.", ({ rxDropped }) => rxDropped),
		network("receive_errors", "Errors while receiving.", ({ rxErrors }) => rxErrors),
		network("transmit_bytes", "Bytes sent.", ({ txBytes }) => txBytes),
		network("transmit_packets", "Packets sent.", ({ txPackets }) => txPackets),
		network("transmit_packets_dropped", "Packets dropped while sending.", ({ txDropped }) => txDropped),
		network("transmit_errors", "Errors while sending.", ({ txErrors }) => txErrors),
		{
			name: "container_fs_limit_bytes",
			type: "gauge",
			help: "Size of the file system, in bytes.",
			series: [{ labels: ROOT, value: host.images.capacity, at }],
		},
		{
			name: "container_fs_usage_bytes",
			type: "gauge",
			help: "Use of the file system, in bytes.",
			series: [{ labels: ROOT, value: host.images.used, at }],
		},
		{
			name: "machine_cpu_cores",
			type: "gauge",
			help: "Logical processors.",
			series: [{ value: machine.cpus }],
		},
		{
			name: "machine_memory_bytes",
			type: "gauge",
			help: "Memory, in bytes.",
			series: [{ value: machine.memory }],
		},
		{
			name: "container_scrape_error",
			type: "gauge",
			help: "1 if a sample could not be taken, else 0.",
			series: [{ value: 0 }],
		},
	]);
}

const podLabels = ({ namespace, name }: PodSample) => ({ namespace, pod: name });

const containerLabels = (pod: PodSample, { name, info, cgroup }: ContainerSample) => ({
	container: name,
	id: cgroup,
	image: info.image,
	name: info.id,
	...podLabels(pod),
});
